namespace Orchard.Cli.Chat;

/// <summary>A setting of answers, as the options of <c>run</c> and the chat's <c>/set</c> name it.</summary>
/// <param name="Name">Its name, such as <c>top-p</c>.</param>
/// <param name="Values">What its values are, for the help.</param>
/// <param name="Description">What it does.</param>
/// <param name="Apply">Sets it, from one value or several. Throws <see cref="FormatException"/> for a value that is none.</param>
internal sealed record Setting(
    string Name, string Values, string Description, Func<GenerationOptions, IReadOnlyList<string>, GenerationOptions> Apply);
