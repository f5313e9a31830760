using Orchard.Cli.Terminals;
using Orchard.Hub.Errors;
using Orchard.Hub.Settings;
using Orchard.Hub.Store;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The folder that receives downloads: whether it can be written, and has room.</summary>
internal sealed class ModelCacheCheck : ICheck
{
    private const long LeastBytes = 1_000_000_000;
    private const long LittleBytes = 10_000_000_000;

    public string Subject => "model cache";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        HubOptions options = context.Options.Hub;
        context.Hub = HubEnvironment.Current.Read(options.Endpoint, options.Token, options.CacheDirectory, options.Offline);
        IReadOnlyList<string> roots = context.Hub.Roots;
        if (roots.Count == 0)
        {
            findings.Problem("There is no folder for models, because this user has no home directory.", "Set HF_HUB_CACHE to a folder.");
            return Task.CompletedTask;
        }

        string used;
        try
        {
            used = WritableRoot.Find(roots);
        }
        catch (HubException e)
        {
            findings.Problem(e.Message);
            return Task.CompletedTask;
        }

        if (used != roots[0])
        {
            findings.Problem(
                $"The model cache '{roots[0]}' cannot be written; downloads go to '{used}', where other tools do not find them.",
                "Correct its permissions, or set HF_HUB_CACHE to a folder of yours.");
        }

        ExamineSpace(used, context.FreeBytes(used), findings);
        return Task.CompletedTask;
    }

    private static void ExamineSpace(string folder, long? free, Findings findings)
    {
        const string Remedy =
            "Delete models that you do not need (orchard list, orchard rm), or set HF_HUB_CACHE to a folder on another disk.";
        switch (free)
        {
            case < LeastBytes:
                findings.Problem(
                    $"The disk of '{folder}' is full: {Quantities.Bytes(free.Value)} are free, less than most models need.", Remedy);
                break;
            case < LittleBytes:
                findings.Warning($"The disk of '{folder}' has little room: {Quantities.Bytes(free.Value)} are free.", Remedy);
                break;
            default:
                findings.Ok(free is null ? folder : $"{folder}, {Quantities.Bytes(free.Value)} free");
                break;
        }
    }
}
