using Orchard.Hub.Errors;
using Orchard.Hub.Files;

namespace Orchard.Hub.Tests.Files;

public sealed class FileChooserTests
{
    public static TheoryData<string, string, string, string> Choices
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            string repository = "";
            string files = "";
            foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "repositories.txt")))
            {
                if (line.StartsWith("repo ", StringComparison.Ordinal))
                {
                    (repository, files) = (line[5..], "");
                }
                else if (line.Length > 0 && line[0] != '#')
                {
                    if (files.Length == 0)
                    {
                        files = line;
                    }
                    else
                    {
                        string[] choice = line.Split(' ', 2);
                        data.Add(repository, files, choice[0], choice[1]);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Choose_Repository_ExpectedFile(string repository, string files, string tag, string expected)
    {
        Assert.NotEmpty(repository);
        HubFile[] list = List(files);
        var name = new HubName("test/Model", null, tag == "?" ? null : tag);

        if (expected.StartsWith('!'))
        {
            HubException error = Assert.Throws<HubException>(() => FileChooser.Choose(name, list));
            Assert.Equal(HubErrorKind.NotFound, error.Kind);
            Assert.Contains(expected[1..], error.Message, StringComparison.Ordinal);
            return;
        }

        FileGroup group = FileChooser.Choose(name, list);
        Assert.Equal(expected, group.Path + (group.Files.Count > 1 ? $"+{group.Files.Count - 1}" : ""));
        Assert.Equal(group.Files.OrderBy(file => file.Path, StringComparer.Ordinal), group.Files);
    }

    [Fact]
    public void Choices_AreOfFortyRepositoriesOrMore() => Assert.True(Choices.Select(row => row.Data.Item1).Distinct().Count() >= 40);

    [Fact]
    public void Choose_AnyOrderOfTheList_SameFile()
    {
        var random = new Random(7);
        foreach (var choice in Choices.Where(choice => choice.Data.Item4[0] != '!'))
        {
            (_, string files, string tag, string expected) = choice.Data;
            HubFile[] list = List(files);
            random.Shuffle(list);
            Assert.Equal(expected.Split('+')[0], FileChooser.Choose(new HubName("test/Model", null, tag == "?" ? null : tag), list).Path);
        }
    }

    [Theory]
    [InlineData("M-Q4_K_M.gguf mmproj-F16.gguf mmproj-F32.gguf mmproj-BF16.gguf", "Q4_K_M", "mmproj-F16.gguf")]
    [InlineData("M-Q8_0.gguf mmproj-Q8_0.gguf mmproj-F16.gguf", "Q8_0", "mmproj-Q8_0.gguf")]
    [InlineData("a/M-Q8_0.gguf a/mmproj-F16.gguf mmproj-Q8_0.gguf", "Q8_0", "a/mmproj-F16.gguf")]
    [InlineData("a/M-Q8_0.gguf b/mmproj-F16.gguf", "Q8_0", null)]
    [InlineData("a/M-Q8_0.gguf mmproj-F16.gguf", "Q8_0", "mmproj-F16.gguf")]
    [InlineData("M-Q8_0.gguf", "Q8_0", null)]
    public void FindProjector_Repository_ExpectedFile(string files, string tag, string? expected)
    {
        FileGroup model = FileChooser.Choose(new HubName("test/Model", null, tag), List(files));
        Assert.Equal(expected, FileChooser.FindProjector(model, List(files))?.Path);
    }

    [Fact]
    public void Choose_UnknownTag_ListsFilesWithSizes()
    {
        HubFile[] files = [new("M-Q8_0.gguf", 4_700_000_000, null)];
        HubException error = Assert.Throws<HubException>(() => FileChooser.Choose(new HubName("a/b", null, "Q2_K"), files));
        Assert.Contains("M-Q8_0.gguf (4.7 GB)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a/b:Q8_0"], error.Suggestions);
    }

    private static HubFile[] List(string files) => [.. files.Split(' ').Select((path, index) => new HubFile(path, 1000 + index, new string('a', 64)))];
}
