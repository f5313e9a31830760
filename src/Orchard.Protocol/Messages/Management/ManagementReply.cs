using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>The engine's answer to a management command.</summary>
internal sealed record ManagementReply
{
    public const string OkStatus = "ok";
    public const string AcceptedStatus = "accepted";
    public const string ErrorStatus = "error";

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    /// <summary>Orchard extension, set on a refusal: one of <see cref="Messages.ErrorCode"/>.</summary>
    [JsonPropertyName("error_code")]
    public string? ErrorCode { get; init; }

    [JsonPropertyName("data")]
    public ManagementReplyData? Data { get; init; }

    [JsonIgnore]
    public bool IsOk => string.Equals(Status, OkStatus, StringComparison.OrdinalIgnoreCase);

    [JsonIgnore]
    public bool IsAccepted => string.Equals(Status, AcceptedStatus, StringComparison.OrdinalIgnoreCase);
}
