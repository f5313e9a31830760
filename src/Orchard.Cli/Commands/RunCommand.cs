using System.CommandLine;
using Orchard.Cli.Chat;
using Orchard.Cli.Output;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard run MODEL [prompt]</c>.</summary>
internal sealed class RunCommand
{
    private readonly CommandHost _host;
    private readonly Argument<string> _model = CommandHost.Model();
    private readonly Argument<string[]> _prompt = new("prompt")
    {
        Description = "What to ask; @path adds the content of a file. Without a prompt and a pipe, a chat begins",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _system = new("--system")
    {
        Description = "Tell the model this before everything else",
        HelpName = "TEXT",
    };

    private readonly Option<string[]> _images = new("--image")
    {
        Description = "Show the model an image, or let it hear sound; can be given more than once",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _projector = new("--projector")
    {
        Description = "Projector (mmproj) of a model that sees or hears, or none",
        HelpName = "FILE",
    };

    private readonly Option<string?> _draftModel = new("--draft-model")
    {
        Description = "Smaller model with the same vocabulary that drafts tokens, which makes answers faster and changes nothing else",
        HelpName = "MODEL",
    };

    private readonly Option<int?> _contextLength = new("--context-length") { Description = "Tokens of a conversation", HelpName = "N" };
    private readonly Option<bool> _hideReasoning = new("--hide-reasoning") { Description = "Do not show how the model reasons" };
    private readonly Option<bool> _speed = new("--speed") { Description = "Show how fast each answer was" };
    private readonly Option<bool> _json = CommandHost.Json();
    private readonly SettingOptions _settings = new();

    private RunCommand(CommandHost host) => _host = host;

    public static Command Create(CommandHost host)
    {
        var run = new RunCommand(host);
        var command = new DocumentedCommand(
            "run",
            "Chat with a model, or ask one question when a prompt or piped input is given. A model of the hub is downloaded first")
        {
            Examples = "orchard run starter\n"
                + "orchard run starter \"What is the capital of France?\"\n"
                + "orchard run MODEL \"What is in the picture?\" --image cat.png\n"
                + "git diff | orchard run Qwen/Qwen3-0.6B-GGUF \"Write a commit message\" --temperature 0",
        };
        command.Add(run._model);
        command.Add(run._prompt);
        command.Add(run._system);
        run._settings.AddTo(command);
        command.Add(run._images);
        command.Add(run._projector);
        command.Add(run._draftModel);
        command.Add(run._contextLength);
        command.Add(run._hideReasoning);
        command.Add(run._speed);
        command.Add(run._json);
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var conversation = new Conversation { System = arguments.GetValue(_system) };
        _settings.Read(arguments, conversation);
        conversation.Attached.AddRange((arguments.GetValue(_images) ?? []).Select(FileReferences.ReadMedia));
        (string prompt, IReadOnlyList<MediaPart> media) = await ReadPromptAsync(arguments, cancellationToken).ConfigureAwait(false);
        bool json = arguments.GetValue(_json);
        if (json && prompt.Length == 0)
        {
            throw new UsageException("--json needs a prompt: a chat has no result.");
        }

        string model = arguments.GetRequiredValue(_model);
        var loading = new ModelOptions
        {
            ContextLength = arguments.GetValue(_contextLength),
            Projector = arguments.GetValue(_projector),
            DraftModel = arguments.GetValue(_draftModel),
        };
        Client client = _host.CreateClient(arguments);
        await using (client.ConfigureAwait(false))
        {
            await _host.LoadAsync(client, model, loading, cancellationToken).ConfigureAwait(false);
            var writer = new AnswerWriter(client, model, _host.Terminal, TimeProvider.System)
            {
                IsQuiet = json,
                ShowsReasoning = !arguments.GetValue(_hideReasoning),
            };
            bool speed = arguments.GetValue(_speed);
            if (prompt.Length > 0)
            {
                conversation.Messages.Add(Message.User([.. conversation.Attached, .. media, new TextPart(prompt)]));
                Answer answer = await writer.AskAsync(conversation.ToSend(), conversation.Options).ConfigureAwait(false);
                return Finish(model, answer, json, speed);
            }

            await new ChatLoop(writer, conversation, _host.Terminal) { ShowsSpeed = speed }.RunAsync().ConfigureAwait(false);
            return ExitCodes.Success;
        }
    }

    private int Finish(string model, Answer answer, bool json, bool speed)
    {
        if (answer.FinishReason is not { } reason)
        {
            return ExitCodes.Interrupted;
        }

        if (json)
        {
            _host.WriteJson(Describe(model, answer, reason), CliJson.Readable.AnswerOutput);
        }
        else if (speed)
        {
            _host.Terminal.Note(answer.DescribeSpeed());
        }

        return ExitCodes.Success;
    }

    // Files are for prompts that a person writes; what is piped is data.
    private async Task<(string Text, IReadOnlyList<MediaPart> Media)> ReadPromptAsync(
        ParseResult arguments, CancellationToken cancellationToken)
    {
        (string prompt, IReadOnlyList<MediaPart> media) = FileReferences.Expand(string.Join(' ', CommandHost.GetTexts(arguments, _prompt)));
        string piped = _host.Terminal.IsInputRedirected
            ? (await _host.Terminal.In.ReadToEndAsync(cancellationToken).ConfigureAwait(false)).Trim()
            : "";
        string text = string.Join("\n\n", new[] { prompt, piped }.Where(part => part.Length > 0));
        return text.Length > 0 || !_host.Terminal.IsInputRedirected
            ? (text, media)
            : throw new UsageException("There is no prompt: neither an argument nor anything on standard input.");
    }

    private static AnswerOutput Describe(string model, Answer answer, FinishReason reason) => new()
    {
        Model = model,
        Text = answer.Text,
        Reasoning = answer.Reasoning.Length == 0 ? null : answer.Reasoning,
        FinishReason = reason,
        Usage = UsageOutput.From(answer.Usage),
        FirstTokenMs = Math.Round(answer.FirstToken.TotalMilliseconds, 1),
        TotalMs = Math.Round(answer.Total.TotalMilliseconds, 1),
    };
}
