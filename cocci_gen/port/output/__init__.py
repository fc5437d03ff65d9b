"""What a port found and did -> port.json, the text for a terminal, the files of the output folder and the mails of its series."""
