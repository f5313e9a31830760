using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Tests.Inference;

public sealed class BeginTokenTests
{
    [Theory]
    [InlineData(new[] { 1, 1, 5 }, 1, new[] { 1, 5 })]
    [InlineData(new[] { 1, 5, 1 }, 1, new[] { 1, 5, 1 })]
    [InlineData(new[] { 1 }, 1, new[] { 1 })]
    [InlineData(new[] { 5, 5 }, 1, new[] { 5, 5 })]
    [InlineData(new[] { 1, 1 }, null, new[] { 1, 1 })]
    [InlineData(new int[0], 1, new int[0])]
    public void RemoveDuplicateBegin_TemplateAndTokenizerBothWroteOne_KeepsOne(int[] tokens, int? begin, int[] expected) =>
        Assert.Equal(expected, LlamaModel.RemoveDuplicateBegin(tokens, begin).ToArray());
}
