using Orchard.Architecture.Tests.Rules.Model;
using Orchard.TestSupport;

namespace Orchard.Architecture.Tests;

public sealed class RepositoryReaderTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void ProjectsAreRead_AndEachComesAfterItsReferences()
    {
        Write("src/App/App.csproj", """
            <Project>
              <PropertyGroup><OutputType>Exe</OutputType><AssemblyName>app</AssemblyName></PropertyGroup>
              <PropertyGroup><WirePath>../Wire/Wire.csproj</WirePath></PropertyGroup>
              <ItemGroup><ProjectReference Include="$(WirePath)" /></ItemGroup>
              <ItemGroup><ProjectReference Include="../Content/Content.csproj" ReferenceOutputAssembly="false" /></ItemGroup>
            </Project>
            """);
        Write("src/App/Program.cs", "Console.WriteLine(new Frame());");
        Write("src/App/obj/Generated.cs", "class Generated { }");
        Write("src/Content/Content.csproj", "<Project />");
        Write("src/Wire/Wire.csproj", """
            <Project><ItemGroup><InternalsVisibleTo Include="app" /><Using Include="System.Text" /></ItemGroup></Project>
            """);
        Write("src/Wire/Deep/Frame.cs", "class Frame { public StringBuilder Text => new(); }");

        CodeBase code = RepositoryReader.Read(_root.Path);

        Assert.Equal(["Wire", "App", "Content"], code.Projects.Select(project => project.Name));
        CodeProject app = code.Projects[1];
        Assert.Equal("app", app.Compilation.AssemblyName);
        Assert.Equal([new ProjectLink("Wire"), new ProjectLink("Content", IsCompiled: false)], app.Description.References);
        Assert.Equal(["App/Program.cs", "Wire/Deep/Frame.cs"], code.Files.Select(file => file.ToString()).Order());
        Assert.Empty(code.Projects.SelectMany(project => project.Compilation.GetDiagnostics()));
        TypeUse use = Assert.Single(code.Uses);
        Assert.Equal(("App/Program.cs", null, "Frame", 1), (use.File.ToString(), use.User, use.Used.Name, use.Line));
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
