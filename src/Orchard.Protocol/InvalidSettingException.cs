namespace Orchard.Protocol;

/// <summary>A setting has a value that is not allowed. The message names the setting, the value and what is allowed.</summary>
internal sealed class InvalidSettingException(string message) : ArgumentException(message);
