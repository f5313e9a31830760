using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Orchard.Remote.Errors;

namespace Orchard.Remote.Texts;

/// <summary>Reads embeddings, as numbers or in base64.</summary>
internal static class EmbeddingJson
{
    private const int MaxDimensions = 1 << 17;

    /// <summary>Reads the answer to a request for embeddings.</summary>
    /// <param name="body">The body.</param>
    /// <param name="count">The number of texts.</param>
    /// <param name="scene">Who was asked for what.</param>
    /// <returns>The vectors in the order of the texts, and the tokens of all texts.</returns>
    /// <exception cref="ProtocolException">The answer is not one to this request.</exception>
    public static (float[][] Vectors, int Tokens) Read(ReadOnlySpan<byte> body, int count, ErrorScene scene)
    {
        var vectors = new float[count][];
        int tokens = 0;
        var json = new Utf8JsonReader(body);
        Require(json.Read() && json.TokenType == JsonTokenType.StartObject, scene, "it is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                Require(json.TokenType == JsonTokenType.StartArray, scene, "'data' is not a list");
                for (int i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
                {
                    Require(json.TokenType == JsonTokenType.StartObject, scene, "an embedding is not an object");
                    ReadItem(ref json, i, vectors, scene);
                }
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                tokens = Wire.UsageJson.Read(ref json)?.PromptTokens ?? 0;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        Require(
            Array.TrueForAll(vectors, vector => vector is { Length: > 0 } && vector.Length == vectors[0].Length),
            scene,
            $"it does not have {count} embeddings of equal length");
        return (vectors, tokens);
    }

    private static void ReadItem(ref Utf8JsonReader json, int position, float[][] vectors, ErrorScene scene)
    {
        int index = position;
        float[]? vector = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("index"u8))
            {
                json.Read();
                Require(json.TokenType == JsonTokenType.Number && json.TryGetInt32(out index), scene, "an index is not a number");
            }
            else if (json.ValueTextEquals("embedding"u8))
            {
                json.Read();
                vector = json.TokenType == JsonTokenType.String ? OfBase64(ref json, scene) : OfNumbers(ref json, scene);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        Require((uint)index < (uint)vectors.Length && vectors[index] is null, scene, $"it has an embedding of text {index}");
        vectors[index] = vector ?? [];
        Require(Array.TrueForAll(vectors[index], float.IsFinite), scene, "an embedding has a value that is not finite");
    }

    private static float[] OfBase64(ref Utf8JsonReader json, ErrorScene scene)
    {
        byte[] bytes = [];
        Require(
            json.TryGetBytesFromBase64(out byte[]? decoded) && (bytes = decoded).Length % sizeof(float) == 0
                && bytes.Length / sizeof(float) <= MaxDimensions,
            scene,
            "an embedding is not a list of numbers");
        var vector = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return vector;
    }

    private static float[] OfNumbers(ref Utf8JsonReader json, ErrorScene scene)
    {
        Require(json.TokenType == JsonTokenType.StartArray, scene, "an embedding is not a list of numbers");
        var vector = new List<float>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            float value = 0;
            Require(
                json.TokenType == JsonTokenType.Number && json.TryGetSingle(out value) && vector.Count < MaxDimensions,
                scene,
                "an embedding is not a list of numbers");
            vector.Add(value);
        }

        return [.. vector];
    }

    private static void Require(bool condition, ErrorScene scene, string problem)
    {
        if (!condition)
        {
            throw ErrorMapping.OfGarbage(scene, problem);
        }
    }
}
