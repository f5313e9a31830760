using System.Text.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>Finds how arguments are written one by one, from a rendered call. Pure.</summary>
internal static class ArgumentProbe
{
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

        string key = FormText.CommonEnd(before, between);
        string afterValue = between[..^key.Length];
        string end = FormText.CommonStart(afterValue, rest);
        string separator = afterValue[end.Length..];
        string following = rest[end.Length..];

        List<string>? numbers = Split(write("""{"kprobea": "vprobea", "kprobeb": 71913}"""), ["vprobea", "kprobeb", "71913"]);
        if (numbers is not [_, _, var valueStart, var valueRest] || !valueRest.EndsWith(following, StringComparison.Ordinal))
        {
            return null;
        }

        string valueEnd = valueRest[..^following.Length];
        string Chunk(string json, string from) => write($$"""{"kprobea": "vprobea", "kprobeb": {{json}}}""") is { } text
            && text.LastIndexOf($"kprobeb{from}", StringComparison.Ordinal) is var at and >= 0
            && text.EndsWith(valueEnd + following, StringComparison.Ordinal)
            && at + 7 + from.Length <= text.Length - valueEnd.Length - following.Length
                ? text[(at + 7 + from.Length)..^(valueEnd.Length + following.Length)]
                : "";

        var form = new ArgumentForm
        {
            BeforeKey = key,
            Separator = separator,
            TextStart = start,
            TextEnd = end,
            ValueStart = valueStart,
            ValueEnd = valueEnd,
        };
        string truth = Chunk("true", valueStart);
        string nested = Chunk("""{"nprobe": "wprobe"}""", valueStart);
        if (start == valueStart && end == valueEnd)
        {
            form = form with { Texts = ArgumentNotation.Raw, Values = ArgumentNotation.Json };
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
