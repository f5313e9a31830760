namespace Orchard.Hub.Errors;

/// <summary>The kinds of failures of the hub.</summary>
internal enum HubErrorKind
{
    /// <summary>The repository, the revision or a matching file does not exist.</summary>
    NotFound,

    /// <summary>The hub requires a token, or approval of the account.</summary>
    Access,

    /// <summary>The transfer failed. What has arrived is kept where it can be continued.</summary>
    Download,

    /// <summary>The file is not a model that can be run.</summary>
    NotAModel,
}
