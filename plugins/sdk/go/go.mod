module usher

go 1.24
