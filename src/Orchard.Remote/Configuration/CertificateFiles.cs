namespace Orchard.Remote.Configuration;

/// <summary>The paths of an endpoint's certificates, in PEM; null for none.</summary>
/// <param name="Endpoint">The endpoint's name; for messages.</param>
/// <param name="TrustedCertificateFile">The authorities.</param>
/// <param name="ClientCertificateFile">The client's certificate.</param>
/// <param name="ClientCertificateKeyFile">Its key; null if it is in the same file.</param>
internal sealed record CertificateFiles(
    string Endpoint, string? TrustedCertificateFile, string? ClientCertificateFile, string? ClientCertificateKeyFile);
