using System.Diagnostics;
using System.Globalization;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What one engine leaves on disk, the next one goes on from.</summary>
public sealed class PrefixTests
{
    private static readonly GenerationOptions Short = new() { MaxOutputTokens = 12 };

    [Fact]
    public async Task EngineRestarted_SamePrefix_IsTakenFromDiskAndAnsweredAlike()
    {
        using var root = new TemporaryRoot();
        Client first = await ConnectAsync(root).OrBroken("the first engine");
        ChatResult before = await first.ChatAsync("starter", Chat("What is the capital of France?"), Short).OrBroken("the first answer");
        await LeaveAsync(first);

        Client second = await ConnectAsync(root).OrBroken("the second engine");
        ChatResult after = await second.ChatAsync("starter", Chat("What is the capital of France?"), Short).OrBroken("the second answer");
        ChatResult other = await second.ChatAsync("starter", Chat("What is the capital of Japan?"), Short).OrBroken("the other answer");

        Assert.Equal(0, before.Usage.CachedTokens);
        Assert.InRange(before.Usage.PromptTokens, 1_500, 2_200);
        Assert.Equal(before.Usage.PromptTokens - 1, after.Usage.CachedTokens);
        Assert.Equal(before.Text, after.Text);
        Assert.InRange(other.Usage.CachedTokens, before.Usage.PromptTokens - 30, before.Usage.PromptTokens);
        await LeaveAsync(second);
    }

    [Fact]
    public async Task OtherClientOfTheNextEngine_SameSystemPrompt_IsTakenFromDisk()
    {
        using var root = new TemporaryRoot();
        Client first = await ConnectAsync(root).OrBroken("the first engine");
        ChatResult before = await first.ChatAsync("starter", Chat("What is the capital of France?"), Short).OrBroken("the first answer");
        await LeaveAsync(first);

        Client[] clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ConnectAsync(root))).OrBroken("the clients");
        ChatResult[] answers = await Task.WhenAll(clients.Select(
            (client, i) => client.ChatAsync("starter", Chat($"Tell me about the number {i}."), Short))).OrBroken("the answers");

        Assert.All(answers, answer => Assert.InRange(answer.Usage.CachedTokens, before.Usage.PromptTokens - 30, before.Usage.PromptTokens));
        await LeaveAsync(clients);
    }

    [Fact]
    public async Task ModelUnloadedAndLoadedAgain_KeepsThePrefix()
    {
        using var root = new TemporaryRoot();
        Client client = await ConnectAsync(root).OrBroken("the engine");
        ChatResult before = await client.ChatAsync("starter", Chat("What is the capital of Italy?"), Short).OrBroken("the first answer");
        Assert.True(await client.Models.UnloadAsync("starter").OrBroken("the unload"));

        ChatResult after = await client.ChatAsync("starter", Chat("What is the capital of Italy?"), Short).OrBroken("the second answer");

        Assert.Equal(before.Usage.PromptTokens - 1, after.Usage.CachedTokens);
        Assert.Equal(before.Text, after.Text);
        await LeaveAsync(client);
    }

    [Fact]
    public async Task EngineKilled_WhatItHasWrittenWhileIdle_IsThere()
    {
        using var root = new TemporaryRoot();
        Client client = await ConnectAsync(root).OrBroken("the engine");
        ChatResult before = await client.ChatAsync("starter", Chat("What is the capital of Spain?"), Short).OrBroken("the first answer");
        using Process engine = Process.GetProcessById(client.CurrentSession!.ProcessId!.Value);
        await FileAsync(root.Path).OrBroken("the file");
        engine.Kill();
        await engine.WaitForExitAsync().OrBroken("the end of the engine");

        ChatResult after = await client.ChatAsync("starter", Chat("What is the capital of Spain?"), Short).OrBroken("the second answer");

        Assert.Equal(before.Usage.PromptTokens - 1, after.Usage.CachedTokens);
        Assert.Equal(before.Text, after.Text);
        await LeaveAsync(client);
    }

    [Fact]
    public async Task DamagedFile_IsRemovedAndTheAnswerIsRight()
    {
        using var root = new TemporaryRoot();
        Client first = await ConnectAsync(root).OrBroken("the first engine");
        ChatResult before = await first.ChatAsync("starter", Chat("What is the capital of France?"), Short).OrBroken("the first answer");
        await LeaveAsync(first);
        string file = Assert.Single(FilesIn(root.Path));
        byte[] content = await File.ReadAllBytesAsync(file);
        content[content.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(file, content);

        Client second = await ConnectAsync(root).OrBroken("the second engine");
        ChatResult after = await second.ChatAsync("starter", Chat("What is the capital of France?"), Short).OrBroken("the second answer");

        Assert.Equal(0, after.Usage.CachedTokens);
        Assert.Equal(before.Text, after.Text);
        Assert.DoesNotContain(FilesIn(root.Path), path => File.ReadAllBytes(path).AsSpan().SequenceEqual(content));
        await LeaveAsync(second);
    }

    [Fact]
    public async Task TurnedOff_NothingIsOnDisk()
    {
        using var root = new TemporaryRoot();
        Client client = await ConnectAsync(root, new ModelOptions { KeepPrefixesOnDisk = false }).OrBroken("the engine");
        await client.ChatAsync("starter", Chat("What is the capital of France?"), Short).OrBroken("the answer");

        await LeaveAsync(client);

        Assert.Empty(FilesIn(root.Path));
    }

    [Fact]
    public async Task TurnedOffForACall_ItIsNotOnDisk()
    {
        using var root = new TemporaryRoot();
        Client client = await ConnectAsync(root).OrBroken("the engine");
        await client.ChatAsync("starter", Chat("What is the capital of France?"), Short with { UsePrefixCache = false }).OrBroken("the answer");

        await LeaveAsync(client);

        Assert.Empty(FilesIn(root.Path));
    }

    /// <summary>Returns the files with what the engine has computed of prompts.</summary>
    internal static string[] FilesIn(string root) =>
        Directory.Exists(Path.Combine(root, "prefixes")) ? Directory.GetFiles(Path.Combine(root, "prefixes"), "*.prefix", SearchOption.AllDirectories) : [];

    /// <summary>Returns those of models in a folder.</summary>
    internal static string[] FilesOf(string root, string models) =>
        [.. FilesIn(root).Where(file => File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "model")).StartsWith(models, StringComparison.Ordinal))];

    /// <summary>A text of at least so many tokens.</summary>
    internal static string LongText(int tokens) =>
        string.Join(' ', Enumerable.Range(1, tokens / 8).Select(i => string.Create(CultureInfo.InvariantCulture, $"Rule {i}: be kind, brief and clear.")));

    private static async Task FileAsync(string root)
    {
        while (FilesIn(root).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static Message[] Chat(string question) => [Message.System(LongText(1_000)), Message.User(question)];

    private static Task<Client> ConnectAsync(TemporaryRoot root, ModelOptions? options = null) => Client.ConnectAsync(new ClientOptions
    {
        EngineRoot = root.Path,
        EngineGraceTime = TimeSpan.FromSeconds(0.2),
        ModelDefaults = options ?? new ModelOptions(),
    });

    private static async Task LeaveAsync(params Client[] clients)
    {
        using Process process = Process.GetProcessById(clients[0].CurrentSession!.ProcessId!.Value);
        foreach (Client client in clients)
        {
            await client.DisposeAsync();
        }

        await process.WaitForExitAsync().OrBroken("the engine to leave");
    }
}
