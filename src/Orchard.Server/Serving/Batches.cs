namespace Orchard.Server.Serving;

/// <summary>Answers to several prompts of one request.</summary>
internal static class Batches
{
    /// <summary>Returns the answers; one that failed makes the whole request fail, since its JSON has no place for an error.</summary>
    /// <exception cref="OrchardException">An answer failed.</exception>
    public static IReadOnlyList<ChatResult> ThrowIfFailed(IReadOnlyList<ChatResult> results) =>
        results.FirstOrDefault(static result => result.Error is not null) is { } failed ? throw failed.Error! : results;
}
