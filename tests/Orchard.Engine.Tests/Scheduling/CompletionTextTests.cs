using System.Text;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Stop sequences and the reasoning before an answer.</summary>
public sealed class CompletionTextTests
{
    private static readonly ReasoningMarks Tags = new("<think>", "</think>", IsOpen: false);

    private static readonly ReasoningMarks Open = Tags with { IsOpen = true };

    [Theory]
    [InlineData("<think>one END two</think>three END four", "<think>one END two</think>three END")]
    [InlineData("\n <think>END</think>\n\nEND", "\n <think>END</think>\n\nEND")]
    [InlineData("<think>END", "<think>END")]
    [InlineData("<think>EN</thi", "<think>EN</thi")]
    [InlineData("one END two", "one END")]
    [InlineData("\nEND two", "\nEND")]
    [InlineData("<thinEND two", "<thinEND")]
    [InlineData("<thin", "<thin")]
    [InlineData("a<think>END</think>", "a<think>END")]
    [InlineData("<think>a</think>b<think>END</think>", "<think>a</think>b<think>END")]
    [InlineData("<think></think>END", "<think></think>END")]
    public void Append_StopSequence_EndsTheAnswerOnly(string text, string expected) => AssertEnd(Tags, text, expected);

    [Theory]
    [InlineData("one END two</think>three END four", "one END two</think>three END")]
    [InlineData("one END", "one END")]
    [InlineData("</think>END", "</think>END")]
    [InlineData("<think>END</think>END", "<think>END</think>END")]
    public void Append_PromptThatOpensTheReasoning_EndsTheAnswerOnly(string text, string expected) => AssertEnd(Open, text, expected);

    // Whatever the tokens are.
    private static void AssertEnd(ReasoningMarks marks, string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int seed = 0; seed < 50; seed++)
        {
            byte[][] tokens = seed == 0 ? [bytes] : RandomCuts.Of(bytes, new Random(seed));
            var tokenizer = new ScriptedTokenizer();
            int[] ids = [.. tokens.Select(token => tokenizer.AddPiece(token))];
            var completion = new CompletionText(tokenizer, ["END"], reasoning: marks);
            for (int i = 0; i < ids.Length && completion.StopString is null; i++)
            {
                completion.Append(ids[i]);
            }

            completion.Complete();
            Assert.Equal(expected, Encoding.UTF8.GetString(completion.Final));
        }
    }
}
