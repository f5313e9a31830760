using QuickStart;

return await new ConsoleChat(Arguments.Parse(args)).RunAsync();
