using Orchard.Testing;
using Orchard.TestSupport;
using Orchard.TestSupport.Media;

namespace Orchard.Cli.Tests;

/// <summary>Images and sound on the command line.</summary>
public sealed class MediaTests
{
    [Fact]
    public async Task Run_Images_AreShownToTheModel()
    {
        using var root = new TemporaryRoot();
        await using FakeEngine engine = Engine(root);
        string image = Write(root, "cat.png", SampleMedia.Png());
        string other = Write(root, "dog.gif", SampleMedia.Gif());
        string sound = Write(root, "meow", SampleMedia.Wave());

        CommandRun run = await CommandRun.StartAsync(
            [], "run", engine.ModelPath, $"What is in @{other} and @{sound}?", "--image", image, "--engine-root", root.Path);

        Assert.Equal((0, "A cat.\n"), (run.ExitCode, run.Out));
        FakePrompt prompt = engine.Requests[0].Prompts[0];
        Assert.Equal([SampleMedia.Png(), SampleMedia.Gif()], prompt.Images.Select(static image => image.ToArray()));
        Assert.Equal([SampleMedia.Wave()], prompt.Audio.Select(static sound => sound.ToArray()));
        Assert.Equal($"What is in @{other} and @{sound}?", prompt.Question);
    }

    [Fact]
    public async Task Run_FileThatIsNoImage_IsAMistakeOfTheUser()
    {
        using var root = new TemporaryRoot();
        string text = Write(root, "cat.png", "no image"u8.ToArray());

        CommandRun run = await CommandRun.StartAsync([], "run", "starter", "Look", "--image", text, "--engine-root", root.Path);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains($"The file '{text}' is not an image in a known format", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Image_IsInTheNextMessageAndInTheSavedConversation()
    {
        using var root = new TemporaryRoot();
        await using FakeEngine engine = Engine(root);
        string image = Write(root, "my cat.png", SampleMedia.Png());
        string file = Path.Combine(root.Path, "chat.json");

        await CommandRun.StartAsync(
            ["/image", "/image nowhere.png", $"/image \"{image}\"", "Look", "And now?", $"/save {file}"], "run", engine.ModelPath, "--engine-root", root.Path);
        await CommandRun.StartAsync([$"/load {file}", "Still?"], "run", engine.ModelPath, "--engine-root", root.Path);

        Assert.Equal([1, 1, 1], engine.Requests.Select(static request => request.Prompts[0].Images.Count));
        Assert.Equal(["Look", "And now?", "Still?"], engine.Requests.Select(static request => request.Prompts[0].Question));
    }

    private static FakeEngine Engine(TemporaryRoot root)
    {
        FakeEngine engine = FakeEngine.Listen(root.Path, new EngineScript().Answer("A cat."));
        engine.InputModalities = InputModalities.Text | InputModalities.Image | InputModalities.Audio;
        return engine;
    }

    private static string Write(TemporaryRoot root, string name, byte[] content)
    {
        string path = Path.Combine(root.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
