using Orchard.Cli.Terminals;
using Orchard.Hub;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Store;
using Orchard.Hub.Transfer;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The stored models: whether their files are models, as long as they should be, and on demand have the right content.</summary>
internal sealed class StoredModelCheck : ICheck
{
    // What GgufStart needs.
    private const int StartBytes = 1 << 20;

    public string Subject => "stored models";

    public async Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        if (context.Hub is not { } settings)
        {
            return;
        }

        IReadOnlyList<StoredModel> models = new LocalModels(settings).List();
        int damaged = 0;
        foreach (StoredModel model in models)
        {
            if (await FindDamageAsync(model, context.VerifyModels, cancellationToken).ConfigureAwait(false) is { } damage)
            {
                damaged++;
                findings.Problem(
                    $"The stored model {model.Name} is damaged: {damage}",
                    $"Download it again: orchard rm {model.Name} && orchard pull {model.Name}");
            }
        }

        if (damaged == 0)
        {
            string depth = context.VerifyModels ? "with the right content" : "(--verify-models compares their content, too)";
            findings.Ok(models.Count == 0 ? "none" : $"{models.Count}, {Quantities.Bytes(models.Sum(model => model.Bytes))}, {depth}");
        }
    }

    private static async Task<string?> FindDamageAsync(StoredModel model, bool verify, CancellationToken cancellationToken)
    {
        CommitFiles? known = new CachedRepository(model.Root, model.Repository).FindFiles(model.Commit);
        for (int i = 0; i < model.Files.Count; i++)
        {
            (HubFile file, string path) = (model.Files[i], model.Paths[i]);
            if (known?.Files.FirstOrDefault(listed => listed.Path == file.Path) is { } listed && listed.Size != file.Size)
            {
                return $"'{path}' has {file.Size:N0} bytes, but should have {listed.Size:N0}.";
            }

            try
            {
                if (await FindDamageAsync(file, path, isFirst: i == 0, verify, cancellationToken).ConfigureAwait(false) is { } damage)
                {
                    return damage;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"'{path}' cannot be read: {e.Message}";
            }
        }

        return null;
    }

    private static async Task<string?> FindDamageAsync(
        HubFile file, string path, bool isFirst, bool verify, CancellationToken cancellationToken)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using (stream.ConfigureAwait(false))
        {
            byte[] start = new byte[StartBytes];
            int count = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            if (isFirst && !IsModel(path, start.AsSpan(0, count)))
            {
                return $"'{path}' is not a GGUF file.";
            }

            if (!verify || file.Id is null)
            {
                return null;
            }

            stream.Position = 0;
            using var hash = new ContentHash(file);
            await hash.AppendAsync(stream, static _ => { }, cancellationToken).ConfigureAwait(false);
            return hash.IsMatch() ? null : $"'{path}' does not have the content that its digest says.";
        }
    }

    private static bool IsModel(string path, ReadOnlySpan<byte> start)
    {
        try
        {
            GgufStart.Check(path, start, anyArchitecture: true);
            return true;
        }
        catch (HubException)
        {
            return false;
        }
    }
}
