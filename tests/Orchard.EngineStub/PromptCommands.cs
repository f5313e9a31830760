using Orchard.Testing;

namespace Orchard.EngineStub;

/// <summary>What the stub does about a prompt: the question is the command. What is none is answered with <c>ok</c>.</summary>
internal static class PromptCommands
{
    public static FakeReply? Obey(FakePrompt prompt) => prompt.Question.Split(' ') switch
    {
        ["stream"] => new FakeReply().Say("Once upon a time").Stall(),
        ["stall"] => new FakeReply().Stall(),
        ["tear"] => new FakeReply().CrashMidMessage(),
        ["exit", var code] => new FakeReply().Do(() => Environment.Exit(Death.ExitCode(code))),
        ["abort"] => new FakeReply().Do(Death.Abort),
        ["kill"] => new FakeReply().Do(Death.Kill),
        _ => null,
    };
}
