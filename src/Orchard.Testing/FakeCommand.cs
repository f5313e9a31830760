using Orchard.Protocol.Messages.Management;

namespace Orchard.Testing;

/// <summary>One management command as it reached the engine. Immutable.</summary>
public sealed class FakeCommand
{
    internal FakeCommand(ManagementCommand command) => Message = command;

    /// <summary>The kind of command.</summary>
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

    /// <summary>Identity of the model that the command refers to, <see cref="ModelInfo.Id"/>; null when it refers to none.</summary>
    public string? Model => Message.CanonicalId;

    internal ManagementCommand Message { get; }
}
