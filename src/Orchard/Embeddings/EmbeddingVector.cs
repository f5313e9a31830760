using Orchard.Validation;

namespace Orchard;

/// <summary>Shortens and normalizes the vector of an embedding. Pure.</summary>
internal static class EmbeddingVector
{
    /// <summary>Returns a copy of a model's vector as the options ask for it.</summary>
    /// <param name="vector">The vector as the model computed it.</param>
    /// <param name="options">The options of the call.</param>
    /// <param name="model">The model, for the message of the exception.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has fewer dimensions than requested.</exception>
    public static float[] Finish(ReadOnlySpan<float> vector, EmbeddingOptions options, string model)
    {
        if (options.Dimensions is { } dimensions)
        {
            OptionRange.Require(
                dimensions <= vector.Length,
                dimensions,
                $"1 to {vector.Length}, the number of dimensions of '{model}'",
                nameof(EmbeddingOptions.Dimensions));
            vector = vector[..dimensions];
        }

        float[] finished = vector.ToArray();
        double length = options.Normalize ? Math.Sqrt(finished.Sum(static value => (double)value * value)) : 0;
        for (int i = 0; length > 0 && i < finished.Length; i++)
        {
            finished[i] = (float)(finished[i] / length);
        }

        return finished;
    }
}
