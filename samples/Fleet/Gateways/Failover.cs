using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace Fleet.Gateways;

/// <summary>
/// Gives a request to another member if one dies or refuses it before the first byte of its response. After that it cannot: the client has
/// a part of the answer, and another answer would go on differently.
/// </summary>
internal static class Failover
{
    /// <summary>Response header with the number of members that were asked.</summary>
    public const string AttemptsHeader = "X-Fleet-Attempts";

    public static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        IReverseProxyFeature proxy = context.GetReverseProxyFeature();
        List<DestinationState> members = [.. proxy.AvailableDestinations];
        for (int attempt = 1; ; attempt++)
        {
            proxy.AvailableDestinations = [.. members];
            context.Response.Headers[AttemptsHeader] = $"{attempt}";
            await next(context);

            bool hasFailed = context.GetForwarderErrorFeature() is not null || RefusalTransform.IsRefusal(context.Response.StatusCode);
            if (!hasFailed || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || members.Count <= 1)
            {
                return;
            }

            members.Remove(proxy.ProxiedDestination!);
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Request.Body.Position = 0;
        }
    }
}

/// <summary>Holds back the response of a member that stops or is overloaded, which another may not be.</summary>
internal sealed class RefusalTransform : ResponseTransform
{
    public static bool IsRefusal(int status) => status == StatusCodes.Status503ServiceUnavailable;

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        context.SuppressResponseBody |= IsRefusal((int?)context.ProxyResponse?.StatusCode ?? 0);
        return ValueTask.CompletedTask;
    }
}
