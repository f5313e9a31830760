using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Native;

public sealed class LlamaLibraryTests
{
    [Fact]
    public void Load_OfManyThreads_HappensOnce()
    {
        var libraries = new LlamaLibrary[16];

        Parallel.For(0, libraries.Length, i => libraries[i] = LlamaLibrary.Load());

        Assert.All(libraries, library => Assert.Same(libraries[0], library));
        Assert.True(LlamaLibraryFiles.IsKnownRelease(libraries[0].Version), libraries[0].Version);
        Assert.NotEmpty(libraries[0].SystemInfo);
    }

    [Fact]
    public void Load_SetsTheLogBeforeTheBackEnds()
    {
        LlamaLibrary library = LlamaLibrary.Load();

        // Captured only if the log was installed first. Only backends of this folder are loaded.
        Assert.Contains(library.StartupLog, line => line.Contains(library.Folder, StringComparison.Ordinal));
        Assert.True(LlamaApi.ggml_backend_reg_count() > 0);
    }

    [Theory]
    [InlineData("0.5.0-dev", true)]
    [InlineData("0.5.0", true)]
    [InlineData("0.4.0-dev", true)]
    [InlineData("0.5.01", false)]
    [InlineData("0.6.0", false)]
    [InlineData("", false)]
    public void Release_IsKnownOrNot(string version, bool known) => Assert.Equal(known, LlamaLibraryFiles.IsKnownRelease(version));

    [Fact]
    public void Find_FolderMissing_SaysWhereItLooked()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "no-such-folder");

        var error = Assert.Throws<NativeLibraryException>(() => NativeFiles.Find(folder));

        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeFiles.PathVariable, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libggml-base.so", "libggml.v0.5.0.so", "libllama.v0.5.0.so")]
    [InlineData("libggml-base.dylib", "libggml.metal.v0.4.0.dylib", "libllama.metal.v0.4.0.dylib")]
    [InlineData("ggml-base.dll", "ggml.v0.4.0.dll", "llama.v0.4.0.dll")]
    public void Find_TellsLibrariesFromBackEndsAndAddOns(string ggmlBase, string ggml, string llama)
    {
        using var folder = new TemporaryFolder();
        string[] others = ["libllama-common.so", "llama-addon.node", "libggml-cpu-zen4.so", "libggml-metal.so", "THIRD-PARTY-NOTICES.txt"];
        foreach (string name in (string[])[.. others, ggmlBase, ggml, llama])
        {
            folder.Write(name, []);
        }

        NativeFiles files = NativeFiles.Find(folder.Path);

        Assert.Equal((ggmlBase, ggml, llama), (Path.GetFileName(files.GgmlBase), Path.GetFileName(files.Ggml), Path.GetFileName(files.Llama)));
    }

    [Fact]
    public void Find_LibraryMissing_NamesIt()
    {
        using var folder = new TemporaryFolder();
        folder.Write("libggml-base.so", []);

        var error = Assert.Throws<NativeLibraryException>(() => NativeFiles.Find(folder.Path));

        Assert.Contains("'ggml.'", error.Message, StringComparison.Ordinal);
    }
}
