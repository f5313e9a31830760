using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference;

public sealed class SplitPartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_FirstOfThreeFiles_CountsAll()
    {
        string first = Write("m-00001-of-00003.gguf", new GgufBuilder().Text("general.architecture", "llama").Tensor("w", 0, 4).Build());
        string second = Write("m-00002-of-00003.gguf", new byte[1_000]);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "m-00003-of-00003.gguf"), Write("blob", new byte[500]));

        GgufHeader header = GgufHeader.Read(first);

        Assert.Equal(1_500, header.OtherBytes);
        Assert.Equal(new FileInfo(first).Length + 1_500, header.TotalBytes);
        Assert.Equal(1_000, new FileInfo(second).Length);
    }

    [Fact]
    public void Read_FirstFileWithoutWeights_IsAModel()
    {
        string first = Write("m-00001-of-00002.gguf", new GgufBuilder().Text("general.architecture", "llama").Build());
        Write("m-00002-of-00002.gguf", new byte[1_000]);

        Assert.Equal(1_000, GgufHeader.Read(first).OtherBytes);
    }

    [Fact]
    public void Read_FilesMissing_AreNamed()
    {
        string first = Write("m-00001-of-00003.gguf", new GgufBuilder().Text("general.architecture", "llama").Tensor("w", 0, 4).Build());
        Write("m-00002-of-00003.gguf", new byte[1_000]);

        var error = Assert.Throws<ModelFileException>(() => GgufHeader.Read(first));

        Assert.Contains("1 are missing: m-00003-of-00003.gguf.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnotherFileThanTheFirst_NamesTheFirst()
    {
        string second = Write("m-00002-of-00002.gguf", new GgufBuilder().Text("general.architecture", "llama").Tensor("w", 0, 4).Build());

        var error = Assert.Throws<ModelFileException>(() => GgufHeader.Read(second));

        Assert.Contains("m-00001-of-00002.gguf", error.Message, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
