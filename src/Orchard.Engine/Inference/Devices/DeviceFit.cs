namespace Orchard.Engine.Inference.Devices;

/// <summary>
/// Decides how many layers of a model are on GPUs: all layers, and as many tokens as fit beside them. If a conversation of usual length
/// does not fit, the experts move to the host, then layers. If the memory of host and devices together does not suffice, the context gets
/// shorter.
/// </summary>
/// <param name="placement">Puts layers on devices.</param>
/// <param name="request">What is wanted.</param>
internal sealed class DeviceFit(LayerPlacement placement, DeviceRequest request)
{
    /// <summary>A shorter context is not given up layers for, in tokens.</summary>
    public const int UsualContext = 8192;

    /// <summary>The shortest context, in tokens, unless the model or the client has a shorter one.</summary>
    public const int LeastContext = 4096;

    // Contexts are allocated in steps of so many tokens.
    private const int ContextStep = 256;

    // Several conversations at a time are worth more than one that is longer than usual.
    private static readonly int[] FewSequences = [4, 2, 1];

    /// <summary>Returns the best plan; null if there is none with the required layers or the shortest context.</summary>
    public DevicePlan? Find()
    {
        int all = placement.AllLayers;
        int wanted = request.Layers is { } required and >= 0 ? Math.Min(required, all) : all;
        if (wanted == 0)
        {
            return DevicePlan.Host;
        }

        int usual = Math.Min(request.LongestContext, request.IsContextRequired ? int.MaxValue : UsualContext);
        int least = Math.Min(request.LongestContext, request.IsContextRequired ? int.MaxValue : LeastContext);
        return TryPlan(wanted, hostExperts: 0, request.Layers is null ? usual : least)
            ?? (request.Layers is not null ? null
                : FindReduced(usual) ?? (least < usual ? TryPlan(all, hostExperts: 0, least) ?? FindReduced(least) : null));
    }

    private DevicePlan? FindReduced(int context)
    {
        if (!request.Suffices(context))
        {
            return null;
        }

        int all = placement.AllLayers;
        int withExperts = request.HasExperts ? all - 1 : 0;
        for (int hostExperts = 1; hostExperts <= withExperts; hostExperts++)
        {
            if (TryPlan(all, hostExperts, context) is { } plan)
            {
                return plan;
            }
        }

        for (int layers = all - 1; layers > 0; layers--)
        {
            if (TryPlan(layers, withExperts, context) is { } plan)
            {
                return plan;
            }
        }

        return DevicePlan.Host;
    }

    private DevicePlan? TryPlan(int layers, int hostExperts, int leastTokens)
    {
        if (!Fits(leastTokens))
        {
            return null;
        }

        long fitting = leastTokens;
        long most = Math.Max((long)request.Sequences * request.LongestContext, leastTokens);
        while (fitting < most)
        {
            long middle = fitting + ((most - fitting + 1) / 2);
            (fitting, most) = Fits(middle) ? (middle, most) : (fitting, middle - 1);
        }

        (int context, int sequences) = Divide(fitting);
        IReadOnlyList<DeviceShare> shares = placement.TryPlace(layers, hostExperts, (long)context * sequences, sequences)!;
        return new DevicePlan(shares, placement.AllLayers, hostExperts, context, sequences);

        bool Fits(long tokens) =>
            request.Suffices(tokens) && placement.TryPlace(layers, hostExperts, tokens, SequencesFor(tokens)) is not null;
    }

    private int SequencesFor(long tokens) => Divide(tokens).Sequences;

    private (int Context, int Sequences) Divide(long tokens)
    {
        int longest = request.LongestContext;
        int context = request.IsContextRequired || tokens >= (long)longest * request.Sequences
            ? longest
            : FewSequences
                .Select(sequences => (int)Math.Min(longest, tokens / Math.Min(sequences, request.Sequences)))
                .First(each => each >= Math.Min(longest, UsualContext) || each == Math.Min(longest, tokens));
        context = context == longest || context <= ContextStep ? context : context / ContextStep * ContextStep;
        return (context, (int)Math.Clamp(tokens / context, 1, request.Sequences));
    }
}
