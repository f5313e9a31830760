using System.Collections.Frozen;
using Orchard.Templates.Library.Filters;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>The filters by name.</summary>
internal static class FilterTable
{
    private static readonly FrozenDictionary<string, Filter> All = new Dictionary<string, Filter>(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = ItemFilters.Attr,
        ["batch"] = (context, value, arguments) => ItemFilters.Lazy(context, value, BatchFilters.Batch(context, value, arguments)),
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = LayoutFilters.Center,
        ["count"] = ItemFilters.Length,
        ["d"] = ItemFilters.Default,
        ["default"] = ItemFilters.Default,
        ["dictsort"] = SortFilters.DictSort,
        ["e"] = MarkupFilters.Escape,
        ["escape"] = MarkupFilters.Escape,
        ["first"] = ItemFilters.First,
        ["float"] = NumberFilters.Float,
        ["forceescape"] = MarkupFilters.ForceEscape,
        ["format"] = LayoutFilters.Format,
        ["groupby"] = SortFilters.GroupBy,
        ["indent"] = LayoutFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = (context, value, arguments) => ItemFilters.Lazy(context, value, ItemFilters.Items(context, value, arguments)),
        ["join"] = TextFilters.Join,
        ["last"] = ItemFilters.Last,
        ["length"] = ItemFilters.Length,
        ["list"] = ItemFilters.List,
        ["lower"] = TextFilters.Lower,
        ["map"] = (context, value, arguments) => ItemFilters.Lazy(context, value, MappingFilters.Map(context, value, arguments)),
        ["max"] = (context, value, arguments) => SortFilters.Extreme(context, value, arguments, wantsLargest: true),
        ["min"] = (context, value, arguments) => SortFilters.Extreme(context, value, arguments, wantsLargest: false),
        ["reject"] = Selection(byAttribute: false, keeps: false),
        ["rejectattr"] = Selection(byAttribute: true, keeps: false),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = ItemFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = MarkupFilters.Safe,
        ["select"] = Selection(byAttribute: false, keeps: true),
        ["selectattr"] = Selection(byAttribute: true, keeps: true),
        ["slice"] = (context, value, arguments) => ItemFilters.Lazy(context, value, BatchFilters.Slice(context, value, arguments)),
        ["sort"] = SortFilters.Sort,
        ["string"] = TextFilters.String,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = JsonFilter.ToJson,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = LayoutFilters.Truncate,
        ["unique"] = (context, value, arguments) => ItemFilters.Lazy(context, value, SortFilters.Unique(context, value, arguments)),
        ["upper"] = TextFilters.Upper,
        ["wordcount"] = LayoutFilters.WordCount,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Filter? Find(string name) => All.GetValueOrDefault(name);

    private static Filter Selection(bool byAttribute, bool keeps) => (context, value, arguments) =>
        ItemFilters.Lazy(context, value, MappingFilters.Select(context, value, arguments, byAttribute, keeps));
}
