using System.Text.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>Finds how arguments are written one by one, from a rendered call. Pure.</summary>
internal static class ArgumentProbe
{
    private const string FirstKey = "kprobea";
    private const string SecondKey = "kprobeb";
    private const string Special = "q\"'\\z";

    /// <summary>Returns the form, and what follows the last argument of the call.</summary>
    /// <param name="call">The rendered call with the arguments kprobea = "vprobea" and kprobeb = "vprobeb".</param>
    /// <param name="name">The name in it.</param>
    /// <param name="write">Renders the same call with other arguments, as JSON.</param>
    public static ArgumentForm? Find(string call, string name, Func<string, string?> write)
    {
        List<string>? texts = Split(call, [name, "kprobea", "vprobea", "kprobeb", "vprobeb"]);
        if (texts is not [_, var before, var start, var between, var secondStart, var rest] || start != secondStart)
        {
            return null;
        }

        (string end, string nameEnd) = NamedEnd(between, rest);
        string key = FormText.CommonEnd(before, nameEnd.Length > 0 ? between[(end + FirstKey + nameEnd).Length..] : between);
        string afterValue = between[..^key.Length];
        end = nameEnd.Length > 0 ? end : FormText.CommonStart(afterValue, rest);
        string separator = afterValue[(nameEnd.Length > 0 ? end + FirstKey + nameEnd : end).Length..];
        string secondEnd = nameEnd.Length > 0 ? end + SecondKey + nameEnd : end;
        string following = rest[secondEnd.Length..];

        List<string>? numbers = Split(write("""{"kprobea": "vprobea", "kprobeb": 71913}"""), ["vprobea", "kprobeb", "71913"]);
        if (numbers is not [_, _, var valueStart, var valueRest] || !valueRest.EndsWith(following, StringComparison.Ordinal))
        {
            return null;
        }

        string valueEnd = valueRest[..^following.Length];
        if (!valueEnd.EndsWith(secondEnd[end.Length..], StringComparison.Ordinal))
        {
            return null;
        }

        valueEnd = valueEnd[..^(secondEnd.Length - end.Length)];
        string whole = secondEnd[end.Length..] + following;
        string Chunk(string json, string from) =>
            Split(write($$"""{"kprobea": "vprobea", "kprobeb": {{json}}}"""), ["vprobea", SecondKey + from]) is [_, _, var value]
            && value.EndsWith(valueEnd + whole, StringComparison.Ordinal)
                ? value[..^(valueEnd.Length + whole.Length)]
                : "";

        var form = new ArgumentForm
        {
            BeforeKey = key,
            Separator = separator,
            TextStart = start,
            TextEnd = end,
            ValueStart = valueStart,
            ValueEnd = valueEnd,
            NameEnd = nameEnd,
        };
        string truth = Chunk("true", valueStart);
        string nested = Chunk("""{"nprobe": "wprobe"}""", valueStart);
        if (start == valueStart && end == valueEnd && start.EndsWith("=\"", StringComparison.Ordinal) && end == "\"" && nameEnd.Length == 0)
        {
            // Python's arguments, though the template puts quotes around all of them.
            return form with
            {
                TextStart = start[..^1],
                TextEnd = "",
                ValueStart = start[..^1],
                ValueEnd = "",
                Texts = ArgumentNotation.Python,
                Values = ArgumentNotation.Python,
            };
        }

        if (start == valueStart && end == valueEnd)
        {
            form = form with { Texts = ArgumentNotation.Raw, Values = ArgumentNotation.Json };
            form = WithElements(form, nested, Chunk("""["iprobe"]""", valueStart));
        }
        else if (start.StartsWith(valueStart, StringComparison.Ordinal) && end.EndsWith(valueEnd, StringComparison.Ordinal)
            && start[valueStart.Length..] is { Length: > 0 } quote && quote == end[..^valueEnd.Length])
        {
            string escaped = Chunk(JsonSerializer.Serialize(Special, FormJsonContext.Default.String), valueStart);
            form = form with
            {
                TextStart = valueStart,
                TextEnd = valueEnd,
                Texts = quote == "\"" && escaped.Contains("\\\"", StringComparison.Ordinal) && truth == "true" ? ArgumentNotation.Json
                    : quote is "\"" or "'" ? ArgumentNotation.Python
                    : ArgumentNotation.Marked,
                Quote = quote is "\"" or "'" ? "" : quote,
                Values = quote is not ("\"" or "'") ? ArgumentNotation.Marked
                    : truth == "True" || nested.Contains('\'', StringComparison.Ordinal) ? ArgumentNotation.Python
                    : ArgumentNotation.Json,
            };
        }
        else if (start == valueStart || end != valueEnd)
        {
            return null;
        }

        return form.IsReadable ? form : null;
    }

    // Objects and lists are written like arguments where these have their names on both sides.
    private static ArgumentForm WithElements(ArgumentForm form, string map, string list)
    {
        if (form.NameEnd.Length == 0 || Split(list, ["iprobe"]) is not [var start, var end]
            || Split(map, [$"{form.BeforeKey}nprobe{form.TextStart}", "wprobe", form.TextEndOf("nprobe")]) is null
            || !start.StartsWith(form.BeforeKey, StringComparison.Ordinal) || !start.EndsWith(form.TextStart, StringComparison.Ordinal))
        {
            return form;
        }

        string item = start[form.BeforeKey.Length..^form.TextStart.Length];
        return end == form.TextEndOf(item) && item.Length > 0 ? form with { Values = ArgumentNotation.Elements, Item = item } : form;
    }

    // What is before and after the name where the name ends its value too.
    private static (string End, string NameEnd) NamedEnd(string between, string rest)
    {
        int at = between.IndexOf(FirstKey, StringComparison.Ordinal);
        if (at < 0 || rest.IndexOf(SecondKey, StringComparison.Ordinal) != at || !rest.StartsWith(between[..at], StringComparison.Ordinal))
        {
            return ("", "");
        }

        string after = between[(at + FirstKey.Length)..];
        int end = after.IndexOf('>', StringComparison.Ordinal) + 1;
        return (between[..at], after[..Math.Max(end, 0)]);
    }

    /// <summary>Returns the texts around markers that occur in this order; null if one does not.</summary>
    public static List<string>? Split(string? text, ReadOnlySpan<string> markers)
    {
        if (text is null)
        {
            return null;
        }

        var parts = new List<string>();
        int at = 0;
        foreach (string marker in markers)
        {
            int next = text.IndexOf(marker, at, StringComparison.Ordinal);
            if (next < 0)
            {
                return null;
            }

            parts.Add(text[at..next]);
            at = next + marker.Length;
        }

        parts.Add(text[at..]);
        return parts;
    }
}
