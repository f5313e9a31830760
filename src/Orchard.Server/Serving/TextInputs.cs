using System.Text.Json;
using Orchard.Server.Generation;

namespace Orchard.Server.Serving;

/// <summary>Reads texts that can be given as tokens, too.</summary>
internal static class TextInputs
{
    private const string Allowed = "a string, a list of strings, a list of token ids, or a list of those";

    /// <summary>Returns the texts, at least one.</summary>
    /// <param name="client">Knows the texts of tokens.</param>
    /// <param name="model">The model that the tokens belong to.</param>
    /// <param name="field">The field.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async ValueTask<IReadOnlyList<string>> ReadAsync(
        Client client, string model, Field field, CancellationToken cancellationToken)
    {
        if (field.IsText)
        {
            return [field.ToText()];
        }

        Field[] items = [.. field.Items(Allowed)];
        if (items.Length == 0)
        {
            throw field.Invalid(Allowed);
        }

        if (items[0].Value.ValueKind == JsonValueKind.Number)
        {
            return [await TextOfAsync(client, model, items, cancellationToken).ConfigureAwait(false)];
        }

        var texts = new List<string>(items.Length);
        foreach (Field item in items)
        {
            texts.Add(
                item.IsArray ? await TextOfAsync(client, model, item.Items(Allowed), cancellationToken).ConfigureAwait(false)
                : item.IsObject ? item.Member("text").ToText()
                : item.IsText ? item.ToText()
                : throw item.Invalid("a string or a list of token ids"));
        }

        return texts;
    }

    private static Task<string> TextOfAsync(Client client, string model, IEnumerable<Field> tokens, CancellationToken cancellationToken) =>
        client.DetokenizeAsync(model, [.. tokens.Select(static token => token.ToInt())], specialTokens: false, cancellationToken);
}
