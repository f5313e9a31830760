using Orchard.PlatformProbe;

// What the engine asks of an operating system, tried out by a process of its own:
//   log <file>   makes the file its standard streams, as the engine does, lets it roll over once, and crashes
//   system       says which of pipes, Ctrl+C and sockets work: one line each
//   echo         a child of "system": repeats a line, then waits for the end of its input and exits with 42
return args switch
{
    ["log", var file] => LogProbe.Run(file),
    ["system"] => await SystemProbe.RunAsync(),
    ["echo"] => SystemProbe.Echo(),
    _ => throw new ArgumentException($"Cannot do '{string.Join(' ', args)}'."),
};
