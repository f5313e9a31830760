using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Native;
using Orchard.Protocol;
using Orchard.Protocol.Files;

namespace Orchard.Engine.Prefixes;

/// <summary>
/// The folder with the files of all models, and their limits. Thread-safe, also with other processes: a file appears complete or not at
/// all, and one that is gone is missed by nobody.
/// </summary>
/// <param name="path">The folder. Created with the first file, for this user alone.</param>
/// <param name="limits">How much is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class PrefixFolder(string path, PrefixLimits limits, TimeProvider time, ILogger logger)
{
    // What a process that ended has left.
    private static readonly TimeSpan UnfinishedLife = TimeSpan.FromHours(1);

    private long _bytesToCome;
    private int _isFailing;

    /// <summary>How much is kept.</summary>
    public PrefixLimits Limits => limits;

    /// <summary>Returns the files of a model. Those that are damaged are removed.</summary>
    public List<StoredPrefix> Scan(string modelDigest)
    {
        List<StoredPrefix> found = [];
        if (!IsTrusted())
        {
            return found;
        }

        PrefixFiles.RemoveOrphans(path);
        Trim(0);
        foreach (FileInfo file in PrefixFiles.List(FolderOf(modelDigest)))
        {
            try
            {
                found.Add(PrefixFile.ReadHead(file.FullName));
            }
            catch (InvalidDataException e)
            {
                Remove(file.FullName, e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
            {
                // Another process may have removed it.
            }
        }

        return found;
    }

    /// <summary>Writes a file, after making room for it. Returns null if it does not fit or cannot be written.</summary>
    /// <param name="model">Identifies the model.</param>
    /// <param name="key">Identifies the model and all settings that the state depends on, as a SHA-256 in hexadecimal.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="state">The state.</param>
    /// <param name="beforeChunk">Called before each megabyte. May wait, or throw <see cref="OperationCanceledException"/>.</param>
    public StoredPrefix? Write(PrefixKey model, string key, int[] tokens, NativeBuffer state, Action beforeChunk)
    {
        long bytes = StoredPrefix.HeaderBytes + (tokens.Length * (long)sizeof(int)) + state.Length;
        long bytesToCome = Interlocked.Add(ref _bytesToCome, bytes);
        try
        {
            string folder = FolderOf(model.ModelDigest);
            TrustedPath.CreateDirectory(path);
            TrustedPath.CreateDirectory(folder);
            if (bytes > limits.FileBytes || !HasRoom(bytesToCome))
            {
                return null;
            }

            Trim(bytesToCome);
            NameModel(folder, model.ModelPath);
            StoredPrefix written = PrefixFile.Write(Path.Combine(folder, NameOf(key, tokens)), key, tokens, state, beforeChunk);
            Volatile.Write(ref _isFailing, 0);
            return written;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UntrustedPathException)
        {
            Report(e.Message);
            return null;
        }
        finally
        {
            Interlocked.Add(ref _bytesToCome, -bytes);
        }
    }

    /// <summary>Records that a file was used, so that it stays.</summary>
    public void Touch(StoredPrefix prefix)
    {
        try
        {
            File.SetLastWriteTimeUtc(prefix.Path, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only leaves earlier.
        }
    }

    /// <summary>Removes a file that cannot be used.</summary>
    public void Remove(string file, string reason)
    {
        if (PrefixFile.TryDelete(file))
        {
            logger.PrefixRemoved(reason);
        }
    }

    private static string NameOf(string key, int[] tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(key));
        hash.AppendData(MemoryMarshal.AsBytes(tokens.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)) + PrefixFiles.Extension;
    }

    private static void NameModel(string folder, string modelPath)
    {
        string file = Path.Combine(folder, PrefixFiles.ModelFile);
        if (new FileInfo(file) is { Exists: true, Length: > 0 })
        {
            return;
        }

        // Others look for the model at the path in the file, so that they must never see a part of it.
        string unfinished = PrefixFile.UnfinishedPathOf(file);
        try
        {
            using (FileStream stream = PrivateFile.Open(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
            {
                stream.Write(Encoding.UTF8.GetBytes(modelPath));
            }

            File.Move(unfinished, file, overwrite: true);
        }
        catch
        {
            PrefixFile.TryDelete(unfinished);
            throw;
        }
    }

    // A disk that is full stays so for a while: once is enough, until a file could be written again.
    private void Report(string problem)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            logger.PrefixNotWritten(problem);
        }
    }

    private string FolderOf(string modelDigest) => Path.Combine(path, modelDigest);

    private bool IsTrusted()
    {
        try
        {
            TrustedPath.CheckDirectory(path);
            return true;
        }
        catch (UntrustedPathException e)
        {
            Report(e.Message);
            return false;
        }
    }

    private bool HasRoom(long bytes)
    {
        try
        {
            long free = new DriveInfo(path).AvailableFreeSpace;
            if (free - bytes >= limits.FreeBytes)
            {
                return true;
            }

            Report($"The file system of '{path}' has only {free >> 20:N0} MiB left.");
            return false;
        }
        catch (ArgumentException)
        {
            return true; // the system does not say how much there is, such as of a network folder
        }
    }

    // Removes the files whose time is over, and those used least recently, until there is room.
    private void Trim(long bytes)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        List<FileInfo> files = [.. PrefixFiles.List(path).OrderByDescending(static file => file.LastWriteTimeUtc)];
        foreach (FileInfo file in files)
        {
            bytes += file.Length;
            if (bytes > limits.Bytes || now - file.LastWriteTimeUtc > limits.Age)
            {
                bytes -= TryDeleteUnused(file) ? file.Length : 0;
            }
        }

        RemoveUnfinished(now);
    }

    // Not if another engine has used or replaced it meanwhile.
    private static bool TryDeleteUnused(FileInfo file) =>
        File.GetLastWriteTimeUtc(file.FullName) == file.LastWriteTimeUtc && PrefixFile.TryDelete(file.FullName);

    private void RemoveUnfinished(DateTime now)
    {
        try
        {
            const string Pattern = "*" + PrefixFiles.UnfinishedExtension;
            foreach (FileInfo file in new DirectoryInfo(path).EnumerateFiles(Pattern, SearchOption.AllDirectories))
            {
                if (now - file.LastWriteTimeUtc > UnfinishedLife)
                {
                    PrefixFile.TryDelete(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder does not exist yet, or another process removes the same files.
        }
    }
}
