using Orchard.TestSupport;
using Orchard.TestSupport.Media;

namespace Orchard.EndToEnd.Tests;

/// <summary>Images for a model that has no projector.</summary>
public sealed class MediaTests(EngineFixture fixture)
{
    [Fact]
    public async Task Chat_ImageForTheStarter_IsRefusedAndSaysWhatToDo()
    {
        ImagePart image = ContentPart.Image(SampleMedia.Png(32, 32));

        var error = await Assert.ThrowsAsync<UnsupportedModalityException>(
            () => fixture.Client.ChatAsync("starter", [Message.User("What is this?", image)]).OrBroken("the refusal"));

        Assert.Contains("cannot see: it has no projector", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            InputModalities.Text, (await fixture.Client.Models.EnsureLoadedAsync("starter").OrBroken("the load")).InputModalities);
    }

    [Fact]
    public async Task Chat_ImageWithAnAlternative_IsAnsweredByTheStarter()
    {
        ContentPart image = new ImagePart(SampleMedia.Png(32, 32)) { AlternativeText = "" };

        ChatResult answer = await fixture.Client.ChatAsync(
            "starter", [Message.User([image, new TextPart("What is the capital of France?")])]).OrBroken("the answer");

        Assert.Equal("The capital of France is Paris.", answer.Text);
    }

    [Fact]
    public async Task EnsureLoaded_ProjectorThatDoesNotExist_IsTold()
    {
        string model = fixture.CopyOfStarter();

        var error = await Assert.ThrowsAsync<ModelLoadException>(
            () => fixture.Client.Models.EnsureLoadedAsync(model, new ModelOptions { Projector = "no-such-mmproj.gguf" }).OrBroken("the refusal"));

        Assert.Contains("no-such-mmproj.gguf", error.Message, StringComparison.Ordinal);
    }
}
