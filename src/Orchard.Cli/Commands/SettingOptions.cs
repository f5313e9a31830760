using System.CommandLine;
using Orchard.Cli.Chat;

namespace Orchard.Cli.Commands;

/// <summary>An option for each setting of answers.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option<string[]> Option)> _options = [.. Settings.All.Select(Create)];

    public void AddTo(Command command) => _options.ForEach(item => command.Add(item.Option));

    /// <summary>Copies the values on a command line.</summary>
    /// <exception cref="UsageException">A value is none of its setting.</exception>
    public void Read(ParseResult arguments, Conversation conversation)
    {
        foreach ((Setting setting, Option<string[]> option) in _options)
        {
            if (arguments.GetValue(option) is { Length: > 0 } values)
            {
                conversation.Settings[setting.Name] = values;
            }
        }

        _ = conversation.Options;
    }

    private static (Setting Setting, Option<string[]> Option) Create(Setting setting) => (
        setting,
        new Option<string[]>($"--{setting.Name}")
        {
            Description = setting.Description,
            HelpName = setting.Values,
            AllowMultipleArgumentsPerToken = false,
        });
}
