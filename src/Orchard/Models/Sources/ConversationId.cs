using System.Security.Cryptography;
using System.Text;

namespace Orchard.Models.Sources;

/// <summary>What all turns of a conversation have in common.</summary>
internal static class ConversationId
{
    /// <summary>Returns a hash of the messages that all turns of a conversation begin with, the same in all processes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="messages">The conversation so far.</param>
    public static string Of(string model, IReadOnlyList<Message> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(model);
        foreach (Message message in messages)
        {
            Append(message.Role.ToString());
            Append(message.Text);
            if (message.Role == MessageRole.User)
            {
                break;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
