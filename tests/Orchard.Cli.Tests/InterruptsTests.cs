using Orchard.Cli.Terminals;

namespace Orchard.Cli.Tests;

/// <summary>What a press of Ctrl+C does.</summary>
public sealed class InterruptsTests
{
    [Fact]
    public void Press_DuringAnAnswer_StopsItAndTheNextOneLeaves()
    {
        using var interrupts = new Interrupts();
        using Interrupts.Answer answer = interrupts.BeginAnswer();

        Assert.True(interrupts.Press());
        Assert.True(answer.IsStopped);
        Assert.False(interrupts.Leave.IsCancellationRequested);

        Assert.True(interrupts.Press());
        Assert.True(interrupts.Leave.IsCancellationRequested);
        Assert.False(interrupts.Press()); // the third ends the process, whatever it does
    }

    [Fact]
    public void Press_AfterAnAnswer_Leaves()
    {
        using var interrupts = new Interrupts();
        interrupts.BeginAnswer().Dispose();

        Assert.True(interrupts.Press());
        Assert.True(interrupts.Leave.IsCancellationRequested);
    }
}
