namespace Orchard.Templates.Values;

/// <summary>The result of <c>keys()</c>, <c>values()</c> or <c>items()</c> of a mapping.</summary>
internal sealed class TemplateMapView : TemplateObject
{
    public TemplateMapView(TemplateMap map, MapPart part)
        : base(TemplateKind.DictView)
    {
        Map = map;
        Part = part;
        Depth = map.Depth + 1;
    }

    public TemplateMap Map { get; }

    public MapPart Part { get; }

    public override bool IsTrue => Map.Count > 0;

    public override bool IsHashable => false;

    public override int? Length => Map.Count;

    public TemplateValue At(int index) => Part switch
    {
        MapPart.Keys => Map.Keys[index],
        MapPart.Values => Map.Values[index],
        _ => TemplateValue.From(TemplateList.Tuple(Map.Keys[index], Map.Values[index])),
    };
}
