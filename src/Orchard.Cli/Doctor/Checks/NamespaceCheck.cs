using Orchard.Cli.Terminals;
using Orchard.Protocol;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The folder of the engine: whether there is one, its path and permissions, and room for the log.</summary>
internal sealed class NamespaceCheck : ICheck
{
    private const long LeastBytes = 64 << 20;

    public string Subject => "engine folder";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        EngineRoot root;
        try
        {
            root = Client.ResolveRoot(context.Options);
        }
        catch (Exception e) when (e is EngineStartException or InvalidSettingException)
        {
            findings.Problem(e.Message); // no home directory, or a variable that is no path
            return Task.CompletedTask;
        }
        catch (ArgumentException e)
        {
            findings.Problem(e.Message, $"Set {EngineRoot.CacheRootVariable} to a folder with a shorter path.");
            return Task.CompletedTask;
        }

        try
        {
            root.Create();
        }
        catch (UntrustedPathException e)
        {
            findings.Problem(e.Message, $"Correct it, or set {EngineRoot.CacheRootVariable} to another folder.");
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Problem(
                $"The folder '{root.Directory}' cannot be created or used: {e.Message}",
                $"Correct its permissions, or set {EngineRoot.CacheRootVariable} to another folder.");
            return Task.CompletedTask;
        }

        context.Root = root;
        if (FolderProbe.FindObstacle(root.Directory) is { } obstacle)
        {
            findings.Problem(
                $"Files cannot be written in '{root.Directory}': {obstacle}",
                $"Correct its permissions, or set {EngineRoot.CacheRootVariable} to another folder.");
        }
        else if (context.FreeBytes(root.Directory) is < LeastBytes and var free)
        {
            findings.Problem(
                $"The file system of '{root.Directory}' is full: {Quantities.Bytes(free)} are free.",
                "Make room, or set ORCHARD_CACHE_ROOT to a folder on another file system.");
        }
        else
        {
            findings.Ok(root.Directory);
        }

        return Task.CompletedTask;
    }
}
