// Downloads one model, so that tests can have several processes and kill them: <endpoint> <cache> <model>.
using Orchard.Hub;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;

var settings = new HubSettings { Endpoint = new Uri(args[0]), Roots = [args[1]] };
using var hub = new ModelHub(settings);
if (!HubName.TryParse(args[2], out HubName? name))
{
    return 2;
}

StoredModel model = await hub.DownloadAsync(name, _ => { }, CancellationToken.None);
Console.WriteLine(model.Paths[0]);
return 0;
