using System.Text.Json;
using static System.FormattableString;

namespace Orchard.Cli.Launch;

/// <summary>The client programs that are known.</summary>
internal static class ClientSetups
{
    private const int MaxAnswer = 32_000;

    public static IReadOnlyList<ClientSetup> All { get; } =
    [
        new()
        {
            Name = "codex",
            Format = SettingsFormat.Toml,
            File = ".codex/orchard.config.toml",
            Settings = Codex,
            HasContextLength = true,
            HasLongPrompts = true,
            Start = static _ => "codex --profile orchard",
        },
        new()
        {
            Name = "claude",
            Format = SettingsFormat.Json,
            File = ".claude/settings.json",
            Settings = Claude,
            HasLongPrompts = true,
            Start = static _ => "claude",
        },
        new()
        {
            Name = "opencode",
            Format = SettingsFormat.Json,
            File = ".config/opencode/opencode.json",
            Settings = OpenCode,
            HasContextLength = true,
            HasLongPrompts = true,
            Start = static target => $"opencode --model {ShellWord.Quote($"orchard/{target.Model}")}",
        },
        new()
        {
            Name = "aider",
            Format = SettingsFormat.Shell,
            Settings = static target =>
                $"""
                export OPENAI_API_BASE={ShellWord.Quote($"{target.Url}/v1")}
                export OPENAI_API_KEY={ShellWord.Quote(target.AnyKey)}
                """,
            Start = static target => $"aider --model {ShellWord.Quote($"openai/{target.Model}")}",
        },
        new()
        {
            Name = "continue",
            Format = SettingsFormat.YamlFragment,
            File = ".continue/config.yaml",
            Settings = Continue,
            HasContextLength = true,
        },
        new()
        {
            Name = "env",
            Format = SettingsFormat.Shell,
            Settings = static target =>
                $"""
                export OPENAI_BASE_URL={ShellWord.Quote($"{target.Url}/v1")}
                export OPENAI_API_KEY={ShellWord.Quote(target.AnyKey)}
                export ANTHROPIC_BASE_URL={ShellWord.Quote(target.Url)}
                export ANTHROPIC_AUTH_TOKEN={ShellWord.Quote(target.AnyKey)}
                export OLLAMA_HOST={ShellWord.Quote(target.Url)}
                """,
        },
    ];

    // A profile of Codex is a file of its own beside its settings, which "--profile" names by the beginning of its name.
    private static string Codex(LaunchTarget target)
    {
        string key = target.ApiKey is null ? "" : "\nenv_key = \"ORCHARD_API_KEY\"";
        string context = target.ContextLength is { } tokens ? Invariant($"\nmodel_context_window = {tokens}") : "";
        return $"""
            model = {Text(target.Model)}
            model_provider = "orchard"{context}

            [model_providers.orchard]
            name = "Orchard"
            base_url = {Text($"{target.Url}/v1")}
            wire_api = "responses"{key}
            """;
    }

    // The names of its own models stand for this one, too: it uses them for small tasks and for agents.
    private static string Claude(LaunchTarget target) =>
        $$"""
        {
          "env": {
            "ANTHROPIC_BASE_URL": {{Text(target.Url)}},
            "ANTHROPIC_AUTH_TOKEN": {{Text(target.AnyKey)}},
            "ANTHROPIC_MODEL": {{Text(target.Model)}},
            "ANTHROPIC_DEFAULT_HAIKU_MODEL": {{Text(target.Model)}},
            "ANTHROPIC_DEFAULT_SONNET_MODEL": {{Text(target.Model)}},
            "ANTHROPIC_DEFAULT_OPUS_MODEL": {{Text(target.Model)}},
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"
          }
        }
        """;

    private static string OpenCode(LaunchTarget target) =>
        $$"""
        {
          "$schema": "https://opencode.ai/config.json",
          "provider": {
            "orchard": {
              "npm": "@ai-sdk/openai-compatible",
              "name": "Orchard",
              "options": {
                "baseURL": {{Text($"{target.Url}/v1")}},
                "apiKey": {{Text(target.AnyKey)}}
              },
              "models": {
                {{Text(target.Model)}}: { "name": {{Text(target.Model)}}{{Limit(target)}} }
              }
            }
          }
        }
        """;

    // Without limits it compacts a conversation too late, or without end. It subtracts the output from the context.
    private static string Limit(LaunchTarget target) => target.ContextLength is { } tokens
        ? Invariant($", \"limit\": {{ \"context\": {tokens}, \"output\": {AnswerOf(tokens)} }}")
        : "";

    private static string Continue(LaunchTarget target)
    {
        string context = target.ContextLength is { } tokens
            ? Invariant(
                $"""

                    defaultCompletionOptions:
                      contextLength: {tokens}
                      maxTokens: {AnswerOf(tokens)}
                """)
            : "";
        return $"""
            models:
              - name: {Text($"Orchard {target.Model}")}
                provider: openai
                model: {Text(target.Model)}
                apiBase: {Text($"{target.Url}/v1")}
                apiKey: {Text(target.AnyKey)}
                roles: [chat, edit, apply]{context}
            """;
    }

    /// <summary>Returns how many tokens of a context are left for an answer.</summary>
    private static int AnswerOf(int contextLength) => Math.Max(1, Math.Min(contextLength / 4, MaxAnswer));

    // A JSON string is also a string of TOML and YAML.
    private static string Text(string value) => $"\"{JsonEncodedText.Encode(value)}\"";
}
