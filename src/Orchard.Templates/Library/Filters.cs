using System.Collections.Frozen;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

internal delegate TemplateValue Filter(Run run, TemplateValue value, CallArguments arguments);

/// <summary>What can stand after <c>|</c>.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Filter> All = new Dictionary<string, Filter>(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = ItemFilters.Attr,
        ["batch"] = (run, value, arguments) => ItemFilters.Lazy(run, value, SequenceFilters.Batch(run, value, arguments)),
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = TextFilters.Center,
        ["count"] = ItemFilters.Length,
        ["d"] = ItemFilters.Default,
        ["default"] = ItemFilters.Default,
        ["dictsort"] = SequenceFilters.DictSort,
        ["e"] = TextFilters.Escape,
        ["escape"] = TextFilters.Escape,
        ["first"] = ItemFilters.First,
        ["float"] = NumberFilters.Float,
        ["forceescape"] = TextFilters.ForceEscape,
        ["format"] = TextFilters.Format,
        ["groupby"] = SequenceFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = (run, value, arguments) => ItemFilters.Lazy(run, value, ItemFilters.Items(run, value, arguments)),
        ["join"] = TextFilters.Join,
        ["last"] = ItemFilters.Last,
        ["length"] = ItemFilters.Length,
        ["list"] = ItemFilters.List,
        ["lower"] = TextFilters.Lower,
        ["map"] = (run, value, arguments) => ItemFilters.Lazy(run, value, MappingFilters.Map(run, value, arguments)),
        ["max"] = (run, value, arguments) => SequenceFilters.Extreme(run, value, arguments, wantsLargest: true),
        ["min"] = (run, value, arguments) => SequenceFilters.Extreme(run, value, arguments, wantsLargest: false),
        ["reject"] = Selection(byAttribute: false, keeps: false),
        ["rejectattr"] = Selection(byAttribute: true, keeps: false),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = ItemFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = TextFilters.Safe,
        ["select"] = Selection(byAttribute: false, keeps: true),
        ["selectattr"] = Selection(byAttribute: true, keeps: true),
        ["slice"] = (run, value, arguments) => ItemFilters.Lazy(run, value, SequenceFilters.Slice(run, value, arguments)),
        ["sort"] = SequenceFilters.Sort,
        ["string"] = TextFilters.String,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = JsonWriter.ToJson,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = (run, value, arguments) => ItemFilters.Lazy(run, value, SequenceFilters.Unique(run, value, arguments)),
        ["upper"] = TextFilters.Upper,
        ["wordcount"] = TextFilters.WordCount,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Filter? Find(string name) => All.GetValueOrDefault(name);

    private static Filter Selection(bool byAttribute, bool keeps) => (run, value, arguments) =>
        ItemFilters.Lazy(run, value, MappingFilters.Select(run, value, arguments, byAttribute, keeps));
}
