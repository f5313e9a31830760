using Fleet;
using Fleet.Demonstration;
using Fleet.Gateways;

// Several servers behind one address.
//
//   Fleet                             measures what affinity is worth, and ends a server in the middle of calls, all on this machine
//   Fleet gateway ADDRESS MEMBER...   a gateway at an address, in front of servers on other machines
//   Fleet member FOLDER               one server, with the folder of its engine
return args switch
{
    ["member", string folder] => await Member.RunAsync(folder),
    ["gateway", string address, .. string[] members] => await Gateway.RunAsync(address, members),
    [] => await Comparison.RunAsync(conversations: 8, turns: 4),
    [string conversations, string turns] => await Comparison.RunAsync(int.Parse(conversations), int.Parse(turns)),
    _ => throw new ArgumentException("The arguments are none, 'gateway ADDRESS MEMBER...', or 'member FOLDER'."),
};
