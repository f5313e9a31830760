namespace Orchard.Responses;

/// <summary>The status of an item.</summary>
public enum ResponseItemStatus
{
    /// <summary>The model is generating the item.</summary>
    InProgress,

    /// <summary>The item is complete.</summary>
    Completed,

    /// <summary>The response ended during the item, which may be cut short.</summary>
    Incomplete,
}
