using System.Reflection;

namespace Orchard.TestSupport;

/// <summary>The log lines of an assembly, for tests that hold their ids to be given and never to be given twice.</summary>
internal static class LogEvents
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Each log method with its event id; null when the generator makes one up.</summary>
    public static (string Method, int? Id)[] Of(Assembly assembly) =>
    [
        .. from type in assembly.GetTypes()
           from method in type.GetMethods(Declared)
           from attribute in method.CustomAttributes
           where attribute.AttributeType.Name == "LoggerMessageAttribute"
           select ($"{type.Name}.{method.Name}", FindId(attribute)),
    ];

    private static int? FindId(CustomAttributeData attribute)
    {
        object? named = attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == "EventId").TypedValue.Value;
        object? positional = attribute.ConstructorArguments.FirstOrDefault(argument => argument.ArgumentType == typeof(int)).Value;
        return (named ?? positional) as int?;
    }
}
