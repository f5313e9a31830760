using Orchard.Protocol.Messages.Management;

namespace Orchard.Testing;

/// <summary>What a client told the engine beside its requests.</summary>
public enum FakeCommandKind
{
    /// <summary>A process uses the engine from now on.</summary>
    Register,

    /// <summary>A process is done with the engine.</summary>
    Deregister,

    /// <summary>Load a model.</summary>
    LoadModel,

    /// <summary>Give up loading a model.</summary>
    CancelLoad,

    /// <summary>Stop a request.</summary>
    CancelRequest,

    /// <summary>Let go of a model.</summary>
    UnloadModel,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>One command as it reached the engine. Immutable.</summary>
public sealed class FakeCommand
{
    internal FakeCommand(ManagementCommand command) => Message = command;

    /// <summary>Which command.</summary>
    public FakeCommandKind Kind => Message.Type switch
    {
        ManagementCommand.ClientRegister => FakeCommandKind.Register,
        ManagementCommand.ClientDeregister => FakeCommandKind.Deregister,
        ManagementCommand.LoadModel => FakeCommandKind.LoadModel,
        ManagementCommand.CancelModelLoad => FakeCommandKind.CancelLoad,
        ManagementCommand.UnloadModel => FakeCommandKind.UnloadModel,
        ManagementCommand.CancelRequest => FakeCommandKind.CancelRequest,
        _ => FakeCommandKind.Other,
    };

    /// <summary>The model it is about, as <see cref="ModelInfo.Id"/> names it; null when it is about none.</summary>
    public string? Model => Message.CanonicalId;

    internal ManagementCommand Message { get; }
}
