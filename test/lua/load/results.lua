print(select('#', load('return 1')), select('#', load('return =')))
