using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Testing;

/// <summary>
/// The reply to a question that no rule of a script answers: an error that names the question and shows the rule that is missing, so that
/// a test does not pass on an answer that nobody wrote.
/// </summary>
internal static class UnscriptedReply
{
    /// <summary>The error code of the reply.</summary>
    public const string Code = "unscripted_question";

    private const int ShownCharacters = 300;

    public static FakeReply To(FakePrompt prompt)
    {
        string question = prompt.Question;
        string literal = Literal(question);
        string missing = prompt.ToolResults.Count > 0
            ? $"no answer to the results of tools {literal}. "
                + "Add a rule: engine.Script.Answer(prompt => prompt.ToolResults.Count > 0 ? FakeReply.Of(\"…\") : null)."
            : question.Length == 0
            ? "no answer to a conversation without a user message. Add a rule: engine.Script.Answer(prompt => FakeReply.Of(\"…\"))."
            : question.Length > ShownCharacters
                ? $"no answer to the question that begins with {literal}. "
                    + $"Add a rule: engine.Script.Answer(prompt => prompt.Question.StartsWith({literal}) ? FakeReply.Of(\"…\") : null)."
                : $"no answer to the question {literal}. Add one: engine.Script.Answer({literal}, \"…\").";
        return new FakeReply().Fail($"The script of the {nameof(FakeEngine)} has {missing}", Code);
    }

    // As it is written in C#, so that it can be pasted into the test.
    private static string Literal(string question)
    {
        int length = Math.Min(question.Length, ShownCharacters);
        if (length < question.Length && char.IsHighSurrogate(question[length - 1]))
        {
            length--;
        }

        return $"\"{JsonEncodedText.Encode(question[..length], JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
    }
}
