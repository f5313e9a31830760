using System.Security.Cryptography;
using System.Text;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Fleet.Gateways;

/// <summary>
/// Sends all requests of a conversation to the same member, which has the earlier turns in its KV cache: rendezvous hashing with bounded
/// load. When a member leaves, only its conversations move, each to the member that comes next for it; when it returns, so do they.
/// </summary>
internal sealed class ConversationAffinity : ILoadBalancingPolicy
{
    public const string PolicyName = "ConversationAffinity";

    // A member decodes about as many together in hardly more time than one. Beyond that, many conversations may begin alike.
    private const int AlwaysAllowed = 8;
    private const double AllowedShare = 1.25;

    public string Name => PolicyName;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count == 0)
        {
            return null;
        }

        byte[] key = ConversationKey.Of(context);
        double limit = Math.Max(AlwaysAllowed, AllowedShare * availableDestinations.Average(static member => member.ConcurrentRequestCount));
        DestinationState[] preferred = [.. availableDestinations.OrderByDescending(member => WeightOf(key, member.DestinationId))];
        return preferred.FirstOrDefault(member => member.ConcurrentRequestCount < limit) ?? preferred[0];
    }

    private static ulong WeightOf(byte[] key, string member) =>
        BitConverter.ToUInt64(SHA256.HashData([.. key, .. Encoding.UTF8.GetBytes(member)]));
}
