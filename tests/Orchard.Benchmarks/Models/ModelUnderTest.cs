using System.Globalization;
using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.TestModels;

namespace Orchard.Benchmarks.Models;

/// <summary>A model that is measured: its file, and its vocabulary and weights in this process for prompts and for the raw loop.</summary>
internal sealed class ModelUnderTest : IDisposable
{
    private int _prompts;

    private ModelUnderTest(string name, LlamaModel model)
    {
        Name = name;
        Model = model;
        EndTokens = model.GetEndTokens(model.VocabularySize);
    }

    /// <summary>As the cases name it.</summary>
    public string Name { get; }

    public LlamaModel Model { get; }

    public string Path => Model.Header.Path;

    /// <summary>The tokens that end an answer. A measurement forbids them: its answers have a set length.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <param name="name"><c>100m</c>, <c>reciter</c> of the same shape, <c>hybrid</c> of about the same size, <c>starter</c>, or the path of a GGUF file.</param>
    public static async Task<ModelUnderTest> LoadAsync(string name)
    {
        string path = name switch
        {
            "100m" => SyntheticModel.Ensure(Shape.HundredMillion),
            "hybrid" => HybridModel.Ensure(),
            "reciter" => ReciterModel.Ensure(Shape.HundredMillion),
            "starter" => System.IO.Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"),
            _ => name,
        };
        return new ModelUnderTest(System.IO.Path.GetFileNameWithoutExtension(name), await LlamaModel.LoadAsync(path, settings: null, null, CancellationToken.None));
    }

    /// <summary>A text of that many tokens, give or take one, that shares no beginning with any other.</summary>
    public byte[] CreatePrompt(int tokens)
    {
        var random = new Random(++_prompts);
        var text = new StringBuilder();
        byte[] bytes = [];
        while (bytes.Length == 0 || Model.Tokenize(bytes).Length < tokens)
        {
            // Near the end letter by letter; before it in words, since every look at the length costs a tokenisation.
            int missing = tokens - (bytes.Length == 0 ? 0 : Model.Tokenize(bytes).Length);
            for (int i = 0; i < Math.Max(1, missing / 4); i++)
            {
                text.Append((char)('a' + random.Next(26)));
            }

            bytes = Encoding.UTF8.GetBytes(text.ToString());
        }

        return bytes;
    }

    public void Dispose() => Model.Dispose();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Model.ParameterCount / 1e6:0.0} M parameters)");
}
