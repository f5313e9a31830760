using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Management;

/// <summary>Management replies.</summary>
internal static class Replies
{
    public static ManagementReply Ok { get; } = new() { Status = ManagementReply.OkStatus };

    public static ManagementReply Accepted { get; } = new() { Status = ManagementReply.AcceptedStatus };

    /// <param name="message">What is wrong, and what to do. Shortened if it is very long.</param>
    /// <param name="errorCode">One of <see cref="Protocol.Messages.ErrorCode"/>, or null.</param>
    public static ManagementReply Refuse(string message, string? errorCode = null) =>
        new() { Status = ManagementReply.ErrorStatus, Message = Excerpt.Of(message), ErrorCode = errorCode };
}
