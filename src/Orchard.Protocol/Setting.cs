using System.Globalization;

namespace Orchard.Protocol;

/// <summary>
/// A setting that a user has written as text: in an environment variable, or as an argument of a command line. Blank text counts as not
/// set, and the methods that read it then return null.
/// </summary>
internal readonly struct Setting
{
    private static readonly string[] True = ["1", "true", "on", "yes"];
    private static readonly string[] False = ["0", "false", "off", "no"];

    private readonly string _source;

    private Setting(string source, string? text)
    {
        _source = source;
        Text = text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }

    /// <summary>The text; null if it is not set.</summary>
    public string? Text { get; }

    /// <summary>Returns the setting in an environment variable of this process.</summary>
    public static Setting OfVariable(string name) => OfVariable(name, Environment.GetEnvironmentVariable);

    /// <summary>Returns the setting in an environment variable.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="environment">Returns the value of a variable, or null.</param>
    public static Setting OfVariable(string name, Func<string, string?> environment) =>
        new($"The environment variable {name}", environment(name));

    /// <summary>Returns the setting in an argument of a command line.</summary>
    public static Setting OfArgument(string name, string text) => new(name, text);

    /// <summary>Reads a whole number.</summary>
    /// <param name="least">The least allowed number.</param>
    /// <param name="most">The greatest allowed number.</param>
    /// <param name="meaning">What the number means, for the message: "a whole number" followed by this.</param>
    /// <exception cref="InvalidSettingException">It is something else.</exception>
    public long? WholeNumber(long least, long most, string meaning = "")
    {
        if (Text is null)
        {
            return null;
        }

        bool isNumber = long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        return isNumber && number >= least && number <= most
            ? number
            : throw Invalid(string.Create(CultureInfo.InvariantCulture, $"a whole number{meaning} from {least} to {most}"));
    }

    /// <summary>Reads a number of seconds.</summary>
    /// <param name="most">The longest allowed time.</param>
    /// <param name="orAlways">Whether -1 is allowed, for <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="InvalidSettingException">It is something else.</exception>
    public TimeSpan? Seconds(TimeSpan most, bool orAlways = false)
    {
        if (Text is null)
        {
            return null;
        }

        bool isNumber = double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        return isNumber && seconds >= 0 && seconds <= most.TotalSeconds ? TimeSpan.FromSeconds(seconds)
            : isNumber && orAlways && seconds is -1 ? Timeout.InfiniteTimeSpan
            : throw Invalid($"a number of seconds from 0 to {most.TotalSeconds:0}{(orAlways ? ", or -1 for always" : "")}");
    }

    /// <summary>Reads a choice of yes or no.</summary>
    /// <exception cref="InvalidSettingException">It is something else.</exception>
    public bool? Flag() =>
        Text is null ? null
        : True.Contains(Text, StringComparer.OrdinalIgnoreCase) ? true
        : False.Contains(Text, StringComparer.OrdinalIgnoreCase) ? false
        : throw Invalid("1 or 0");

    /// <summary>Reads one of several names, regardless of case. Returns its index.</summary>
    /// <exception cref="InvalidSettingException">It is something else.</exception>
    public int? OneOf(params string[] names)
    {
        string? text = Text;
        return text is null ? null
            : Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index ? index
            : throw Invalid($"{string.Join(", ", names[..^1])} or {names[^1]}");
    }

    /// <summary>
    /// Reads names that are separated by commas, regardless of case, each of which may end with a number. Returns them in lower case.
    /// </summary>
    /// <param name="names">The allowed names, without numbers.</param>
    /// <param name="meaning">What is allowed, for the message.</param>
    /// <exception cref="InvalidSettingException">There is another name.</exception>
    public IReadOnlyList<string>? Names(IReadOnlyList<string> names, string meaning)
    {
        string[]? given = Text?.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return given is null ? null
            : given.Length > 0 && given.All(name => names.Contains(name.TrimEnd("0123456789".ToCharArray()))) ? given
            : throw Invalid(meaning);
    }

    /// <summary>
    /// Reads an absolute path, which may begin with <c>~</c>. Programs inherit variables in any working directory, so that a relative path
    /// would mean something else to each.
    /// </summary>
    /// <exception cref="InvalidSettingException">It is something else.</exception>
    /// <exception cref="NoHomeDirectoryException">The path begins with <c>~</c>, and the user has no home directory.</exception>
    public string? AbsolutePath() =>
        Text is null ? null
        : Path.IsPathFullyQualified(Text) || Text[0] == '~' ? UserPath.GetFullPath(Text)
        : throw Invalid("an absolute path");

    private InvalidSettingException Invalid(string allowed) => new($"{_source} is '{Text}'. Set it to {allowed}, or remove it.");
}
