using System.Reflection;
using System.Xml.Linq;

namespace Orchard.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void Client_NeverReferencesTheEngine() =>
        Assert.DoesNotContain("orchard-engine", typeof(Client).Assembly.GetReferencedAssemblies().Select(name => name.Name));

    [Fact]
    public void Engine_NeverReferencesTheClient()
    {
        string project = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "Orchard.Engine.csproj"));

        IEnumerable<string?> references = XDocument.Parse(project).Descendants("ProjectReference").Select(item => Path.GetFileName(item.Attribute("Include")?.Value));

        Assert.Equal(["Orchard.Grammars.csproj", "Orchard.Protocol.csproj"], references);
    }

    [Fact]
    public void Protocol_HasNoPublicTypes() =>
        Assert.Empty(Assembly.Load("Orchard.Protocol").GetExportedTypes());

    [Fact]
    public void PublicTypes_AreSealedOrAbstractOrStatic() =>
        Assert.All(typeof(Client).Assembly.GetExportedTypes(), type => Assert.True(type.IsSealed || type.IsAbstract || type.IsEnum, $"{type} is open to inheritance"));

    [Fact]
    public void Exceptions_ShareOneRoot() =>
        Assert.All(
            typeof(Client).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception))),
            type => Assert.True(type.IsAssignableTo(typeof(OrchardException)), $"{type} is not an OrchardException"));
}
