using System.Runtime.CompilerServices;

namespace Orchard.Templates.Values;

/// <summary>Access to the container that a value refers to. The caller has checked the value's kind.</summary>
internal static class ContainerValues
{
    extension(in TemplateValue value)
    {
        /// <summary>The items of a list or tuple.</summary>
        public TemplateList List => Unsafe.As<TemplateList>(value.Object);

        /// <summary>The entries of a mapping.</summary>
        public TemplateMap Map => Unsafe.As<TemplateMap>(value.Object);
    }
}
